import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestServer, startTestServer } from '../../server/testing/server.ts'
import { eventually } from '../testing/eventually.ts'
import { assertConverged, openObserver, setStage, showRoom, type Stage } from '../testing/observers.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

const mentionsOf = ({ bob, roomId }: Stage) => bob.client.rooms.get(roomId).get()?.unread_mentions ?? []
/** The seq of Ann's newest message, once Bob has heard of it. */
async function say({ ann, bob, roomId }: Stage, content: string): Promise<number> {
  const before = bob.client.rooms.get(roomId).get()?.last_seq ?? 0
  ann.client.messages.send(roomId, content)
  await eventually(() => bob.client.rooms.get(roomId).get()?.last_seq === before + 1)
  return before + 1
}

test('whoever heard the events has the mentions that a fresh client fetches', async (t) => {
  const on = await setStage(t, server)
  for (const observer of [on.ann, on.bob]) observer.stopFetching()
  const [first, second] = [await say(on, `hello @${on.bob.username.toUpperCase()}`), await say(on, '@all')]
  await say(on, '`@all` and @nobody-of-that-name')
  assert.deepEqual(mentionsOf(on), [first, second])
  await assertConverged(t, server, on.bob, on.roomId)
  const messages = on.ann.client.messages.timeline(on.roomId).get().messages
  const idOf = (seq: number) => messages.find((message) => message.seq === seq)!.id
  on.ann.client.messages.edit(on.roomId, idOf(first), 'hello')
  await eventually(() => mentionsOf(on).length === 1)
  on.ann.client.messages.remove(on.roomId, idOf(second))
  await eventually(() => mentionsOf(on).length === 0)
  await assertConverged(t, server, on.bob, on.roomId)
})

test('mentions that are read on one device are read on the other, and unread again on both', async (t) => {
  const on = await setStage(t, server)
  const phone = await openObserver(t, server, on.bob.username)
  await showRoom(phone, on.roomId)
  phone.stopFetching()
  const seq = await say(on, `@${on.bob.username}`)
  const onPhone = () => phone.client.rooms.get(on.roomId).get()?.unread_mentions
  await eventually(() => onPhone()?.length === 1)
  on.bob.client.readMarkers.mark(on.roomId, seq)
  await eventually(() => onPhone()?.length === 0)
  on.bob.client.readMarkers.markUnread(on.roomId, seq - 1)
  await eventually(() => onPhone()?.length === 1)
  await assertConverged(t, server, phone, on.roomId)
})
