import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { settleDelivery } from '../server/rooms/settle-delivery.ts'
import { afterwards } from '../server/testing/afterwards.ts'
import { type TestServer, passwordOf, startTestServer } from '../server/testing/server.ts'
import type { Client } from './index.ts'
import { openBrowser } from './testing/browser.ts'
import { eventually } from './testing/eventually.ts'

/** Rooms of three and more are large here. */
async function start(t: TestContext): Promise<TestServer> {
  const server = await startTestServer({ LARGE_ROOM_MEMBERS: '2' })
  afterwards(t, () => server.stop())
  return server
}

async function arrive(t: TestContext, server: TestServer, username: string): Promise<Client> {
  await server.member(username)
  const client = openBrowser(server.url)
  afterwards(t, () => client.close())
  await client.session.start()
  await client.session.signIn(username, passwordOf(username))
  await eventually(() => client.connection.get() === 'live' && client.rooms.list.get().status === 'ready')
  return client
}

const contents = (client: Client, roomId: number) =>
  client.messages
    .timeline(roomId)
    .get()
    .messages.filter(({ kind }) => kind === 'user')
    .map(({ content }) => content)

test('a room grows large and shrinks again while people talk: everybody has every message, once and in order', async (t) => {
  const server = await start(t)
  const [ann, bob, eve] = [
    await arrive(t, server, 'ann'),
    await arrive(t, server, 'bob'),
    await arrive(t, server, 'eve'),
  ] as const
  const { id } = await ann.rooms.create({ name: 'Growing', kind: 'public' })
  await bob.rooms.join(id)
  for (const client of [ann, bob, eve]) client.messages.open(id)
  const written: string[] = []
  const say = (client: Client, text: string) => {
    written.push(text)
    client.messages.send(id, text)
  }
  const converge = (...clients: Client[]) =>
    eventually(() => clients.every((client) => contents(client, id).length === written.length))
  const deliveryOf = (client: Client) => client.rooms.get(id).get()?.delivery
  for (let n = 0; n < 5; n++) say(ann, `small ${n}`)
  await converge(ann, bob)
  await eve.rooms.join(id)
  for (let n = 0; n < 5; n++) say(ann, `switching ${n}`)
  await eventually(() => [ann, bob, eve].every((client) => deliveryOf(client) === 'room'))
  for (let n = 0; n < 5; n++) say(eve, `large ${n}`)
  await converge(ann, bob, eve)
  await eve.rooms.leave(id)
  await bob.rooms.leave(id)
  for (let n = 0; n < 5; n++) say(ann, `small again ${n}`)
  await eventually(() => deliveryOf(ann) === 'personal')
  await bob.rooms.join(id)
  say(bob, 'and back')
  await converge(ann, bob)
  assert.deepEqual(new Set(contents(ann, id)), new Set(written))
  assert.deepEqual(contents(bob, id), contents(ann, id))
  assert.equal(eve.rooms.get(id).get(), undefined)
})

test('a switch that is told by a nudge alone is followed as well', async (t) => {
  const server = await start(t)
  const [ann, bob] = [await arrive(t, server, 'ann'), await arrive(t, server, 'bob')]
  const { id } = await ann.rooms.create({ name: 'Switched from outside', kind: 'public' })
  await bob.rooms.join(id)
  for (const client of [ann, bob]) client.messages.open(id)
  await settleDelivery({ ...server.services, largeRoomMembers: 1 })
  await eventually(() => [ann, bob].every((client) => client.rooms.get(id).get()?.delivery === 'room'))
  ann.messages.send(id, 'by the channel')
  await eventually(() => contents(bob, id).includes('by the channel'))
})
