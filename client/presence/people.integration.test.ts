import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import { type TestServer, passwordOf, startTestServer } from '../../server/testing/server.ts'
import type { Client } from '../index.ts'
import { openBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

async function arrive(t: TestContext, username: string): Promise<{ client: Client; id: number }> {
  await server.member(username)
  return comeAgain(t, username)
}

/** On another device of theirs. */
async function comeAgain(t: TestContext, username: string): Promise<{ client: Client; id: number }> {
  const client = openBrowser(server.url, {
    // A clock that runs twenty times as fast.
    now: () => performance.now() * 20,
    after(ms, run) {
      const timer = setTimeout(run, ms / 20)
      return () => clearTimeout(timer)
    },
  })
  t.after(() => client.close())
  await client.session.start()
  await client.session.signIn(username, passwordOf(username))
  await eventually(() => client.connection.get() === 'live' && client.rooms.list.get().status === 'ready')
  const session = client.session.get()
  assert.ok(session.status === 'signed_in')
  return { client, id: session.me.id }
}

const typists = (client: Client, roomId: number) =>
  client.typing
    .in(roomId)
    .get()
    .map(({ username }) => username)

/** Writes until somebody has heard it: the channel may not be open yet. */
async function writeUntil(client: Client, roomId: number, isSo: () => boolean): Promise<void> {
  await eventually(() => {
    client.typing.write(roomId, true)
    return isSo()
  })
}

test('who has the room open sees who writes, their own other devices and other rooms do not', async (t) => {
  const ann = await arrive(t, 'ann')
  const bob = await arrive(t, 'bob')
  const again = await comeAgain(t, 'ann')
  const outsider = await arrive(t, 'otto')
  const room = await ann.client.rooms.create({ name: 'Writing', kind: 'public' })
  await bob.client.rooms.join(room.id)
  await eventually(() => again.client.rooms.get(room.id).get() !== undefined)
  for (const { client } of [ann, bob, again, outsider]) t.after(client.messages.open(room.id))
  await eventually(() => again.client.messages.timeline(room.id).get().status === 'ready')
  await writeUntil(ann.client, room.id, () => typists(bob.client, room.id).length > 0)
  assert.deepEqual(typists(bob.client, room.id), ['ann'])
  await writeUntil(bob.client, room.id, () => typists(again.client, room.id).length > 0)
  assert.deepEqual(typists(again.client, room.id), ['bob'])
  for (const { client } of [ann, again]) assert.deepEqual(typists(client, room.id), ['bob'])
  assert.deepEqual(typists(outsider.client, room.id), [])
  ann.client.typing.write(room.id, false)
  await eventually(() => typists(bob.client, room.id).length === 0)
})

test('how many look at a room is counted by person, of those alone who have it open', async (t) => {
  const cleo = await arrive(t, 'cleo')
  const dora = await arrive(t, 'dora')
  const room = await cleo.client.rooms.create({ name: 'Looking', kind: 'public' })
  await dora.client.rooms.join(room.id)
  const here = cleo.client.presence.here(room.id)
  t.after(here.subscribe(() => {}))
  t.after(cleo.client.messages.open(room.id))
  await eventually(() => here.get() === 1)
  const leave = dora.client.messages.open(room.id)
  await eventually(() => here.get() === 2)
  leave()
  await eventually(() => here.get() === 1)
})

test('a companion is online until their last socket has closed, and a stranger is never seen', async (t) => {
  const eve = await arrive(t, 'eve')
  const finn = await arrive(t, 'finn')
  const gina = await arrive(t, 'gina')
  const room = await eve.client.rooms.create({ name: 'Together', kind: 'public' })
  await finn.client.rooms.join(room.id)
  const seen = eve.client.presence.get(finn.id)
  const unseen = eve.client.presence.get(gina.id)
  for (const each of [seen, unseen]) t.after(each.subscribe(() => {}))
  await eventually(() => seen.get() === true && unseen.get() === false)
  finn.client.close()
  while ((await server.services.realTime.online([finn.id])).size > 0) await new Promise((next) => setImmediate(next))
  await eventually(() => seen.get() === false)
})
