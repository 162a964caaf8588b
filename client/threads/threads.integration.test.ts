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

async function show({ client }: Observer, roomId: number, threadId: number): Promise<void> {
  client.messages.open(roomId)
  client.threads.open(roomId, threadId)
  await eventually(() => client.threads.timeline(roomId, threadId).get().status === 'ready')
  await eventually(() => client.messages.timeline(roomId).get().status === 'ready')
}

/** Both have the thread on screen. */
async function stage(t: TestContext) {
  const { ann, bob, roomId, threadId } = await setThreadStage(t, server)
  for (const observer of [ann, bob]) await show(observer, roomId, threadId)
  return { ann, bob, roomId, threadId }
}

const texts = ({ client }: Observer, roomId: number, threadId: number) =>
  client.threads
    .timeline(roomId, threadId)
    .get()
    .messages.filter(({ deleted_at }) => deleted_at === null)
    .map(({ content }) => content)

function shown({ client }: Observer, roomId: number, threadId: number) {
  const { messages, hasOlder, status } = client.threads.timeline(roomId, threadId).get()
  const room = client.messages.timeline(roomId).get().messages
  return { thread: { messages, hasOlder, status }, room, summary: client.rooms.get(roomId).get() }
}

async function converged(t: TestContext, observer: Observer, roomId: number, threadId: number): Promise<void> {
  const fresh = await openObserver(t, server, observer.username)
  await show(fresh, roomId, threadId)
  assert.deepEqual(shown(observer, roomId, threadId), shown(fresh, roomId, threadId))
}

test('who has a thread on screen hears of it, and has what a fresh client fetches', async (t) => {
  const { ann, bob, roomId, threadId } = await stage(t)
  for (const observer of [ann, bob]) observer.stopFetching()
  const before = bob.client.rooms.get(roomId).get()!
  ann.client.messages.send(roomId, 'I like it', { threadId })
  await eventually(() => texts(bob, roomId, threadId).length === 1)
  bob.client.messages.send(roomId, 'So do I', { threadId })
  await eventually(() => texts(ann, roomId, threadId).length === 2)
  await eventually(() => bob.client.threads.timeline(roomId, threadId).get().pending.length === 0)
  const [first, second] = bob.client.threads.timeline(roomId, threadId).get().messages
  bob.client.reactions.set(roomId, first!.id, '🎉', true)
  await eventually(() => ann.client.threads.timeline(roomId, threadId).get().messages[0]?.reactions.length === 1)
  ann.client.messages.edit(roomId, first!.id, 'I like it a lot')
  bob.client.messages.remove(roomId, second!.id)
  await eventually(() => texts(bob, roomId, threadId).join() === 'I like it a lot')
  await eventually(() => texts(ann, roomId, threadId).join() === 'I like it a lot')
  const now = bob.client.rooms.get(roomId).get()!
  assert.deepEqual([now.unread, now.read_seq, now.last_seq], [before.unread, before.read_seq, before.last_seq])
  const root = ann.client.messages
    .timeline(roomId)
    .get()
    .messages.find(({ id }) => id === threadId)
  assert.deepEqual([root?.thread?.message_count, root?.thread?.last_seq], [1, 2])
  await eventually(() =>
    ann.client.threads
      .timeline(roomId, threadId)
      .get()
      .messages.every((row) => !row.change),
  )
  await converged(t, ann, roomId, threadId)
  await converged(t, bob, roomId, threadId)
})

test('what is written in a thread is pending there and nowhere else, and older messages come when asked for', async (t) => {
  const { ann, bob, roomId, threadId } = await stage(t)
  for (let i = 1; i <= 60; i++) ann.client.messages.send(roomId, `answer ${i}`, { threadId })
  assert.equal(ann.client.messages.timeline(roomId).get().pending.length, 0)
  assert.equal(ann.client.threads.timeline(roomId, threadId).get().pending.length, 60)
  await eventually(() => texts(bob, roomId, threadId).length === 60)
  const fresh = await openObserver(t, server, bob.username)
  await show(fresh, roomId, threadId)
  assert.equal(texts(fresh, roomId, threadId).length, 50)
  await fresh.client.threads.loadOlder(roomId, threadId)
  assert.deepEqual(
    texts(fresh, roomId, threadId),
    Array.from({ length: 60 }, (_, i) => `answer ${i + 1}`),
  )
})
