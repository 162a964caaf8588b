import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import { type TestServer, startTestServer } from '../../server/testing/server.ts'
import { eventually } from '../testing/eventually.ts'
import { type Observer, openObserver } from '../testing/observers.ts'
import { setThreadStage } from '../testing/thread-stage.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

const repliesOf = ({ client }: Observer, roomId: number, threadId: number) =>
  client.threads.timeline(roomId, threadId).get().messages.length

/** Bob has answered in the thread; Ann does not have it on screen. */
async function stage(t: TestContext) {
  const { ann, bob, roomId, threadId } = await setThreadStage(t, server)
  bob.client.messages.open(roomId)
  bob.client.threads.open(roomId, threadId)
  bob.client.messages.send(roomId, 'I like it', { threadId })
  await eventually(() => repliesOf(bob, roomId, threadId) === 1)
  const stateOf = ({ client }: Observer) => client.threads.get(roomId, threadId).get()
  return { ann, bob, roomId, threadId, stateOf }
}

test('who began a thread hears that it went on, and who wrote in it has read what they wrote', async (t) => {
  const { ann, bob, threadId, stateOf } = await stage(t)
  await eventually(() => ann.client.threads.unread.get() === 1)
  assert.deepEqual(stateOf(ann), { isFollowing: true, unread: 1 })
  await eventually(() => stateOf(bob).isFollowing)
  assert.deepEqual(stateOf(bob), { isFollowing: true, unread: 0 })
  const [followed] = ann.client.threads.followed.get().threads
  assert.deepEqual([followed?.id, followed?.message_count, followed?.unread], [threadId, 1, 1])
})

test('what was read in a thread is read at once, and on every device', async (t) => {
  const { ann, roomId, threadId, stateOf } = await stage(t)
  const other = await openObserver(t, server, ann.username)
  await eventually(() => stateOf(ann).unread === 1 && stateOf(other).unread === 1)
  ann.client.threads.markRead(roomId, threadId, 1)
  assert.equal(stateOf(ann).unread, 0)
  await eventually(() => other.client.threads.unread.get() === 0)
  const fresh = await openObserver(t, server, ann.username)
  await eventually(() => fresh.client.threads.followed.get().threads.length === 1)
  assert.deepEqual(fresh.client.threads.followed.get(), ann.client.threads.followed.get())
})

test('a thread that is followed no more tells nothing new, and what was new stands behind a divider', async (t) => {
  const { ann, bob, roomId, threadId, stateOf } = await stage(t)
  await eventually(() => stateOf(ann).unread === 1)
  ann.client.threads.open(roomId, threadId)
  assert.equal(ann.client.threads.timeline(roomId, threadId).get().dividerAfterSeq, 0)
  ann.client.threads.setFollowing(roomId, threadId, false)
  assert.deepEqual(stateOf(ann), { isFollowing: false, unread: 0 })
  bob.client.messages.send(roomId, 'Very much', { threadId })
  await eventually(() => repliesOf(ann, roomId, threadId) === 2)
  assert.deepEqual([ann.client.threads.unread.get(), ann.client.threads.followed.get().threads], [0, []])
})

test('whoever leaves the room has none of its threads', async (t) => {
  const { bob, roomId, stateOf } = await stage(t)
  await eventually(() => stateOf(bob).isFollowing && bob.client.threads.followed.get().threads.length === 1)
  await bob.client.rooms.leave(roomId)
  await eventually(() => bob.client.threads.followed.get().threads.length === 0)
})

test('a message of a thread is sent on to another room', async (t) => {
  const { bob, roomId, threadId } = await stage(t)
  const { id: elsewhere } = await bob.client.rooms.create({ name: 'Elsewhere', kind: 'private' })
  const [reply] = bob.client.threads.timeline(roomId, threadId).get().messages
  bob.client.messages.open(elsewhere)
  bob.client.messages.forward({ roomId, messageId: reply!.id }, elsewhere)
  const arrived = () => bob.client.messages.timeline(elsewhere).get().messages.at(-1)
  await eventually(() => arrived()?.forwarded?.message_id === reply!.id)
  assert.equal(arrived()?.content, 'I like it')
})
