import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import { passwordOf, type TestServer, startTestServer } from '../../server/testing/server.ts'
import type { Client } from '../index.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { type CookieJar, openBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'
import { MemoryCache } from '../testing/memory-cache.ts'
import { openObserver } from '../testing/observers.ts'
import { setThreadStage } from '../testing/thread-stage.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

const offline = () => {
  throw new TypeError('there is no network')
}

/** A browser that keeps what it has seen, and whose page can be closed and opened again, also without a network. */
function openKeeper(t: TestContext, username: string) {
  const cache = new MemoryCache()
  const storage = { ...createMemoryStorage(), cache }
  const jar: CookieJar = { cookie: '' }
  let hide = () => {}
  let client: Client | undefined

  async function open(onRequest?: () => void): Promise<Client> {
    hide()
    await cache.run('readonly', async () => {})
    client?.close()
    const options = { storage, onHide: (listener: () => void) => ((hide = listener), () => {}) }
    const next = openBrowser(server.url, options, onRequest, jar)
    client = next
    t.after(() => next.close())
    await next.session.start()
    return next
  }

  return {
    cache,
    open,
    async signIn(): Promise<Client> {
      const first = await open()
      await first.session.signIn(username, passwordOf(username))
      await eventually(() => first.rooms.list.get().status === 'ready')
      return first
    },
  }
}

const followed = (client: Client) => client.threads.followed.get().threads.map(({ id }) => id)

/** As the page of followed threads does for each of its rows. */
function watch(client: Client, roomId: number, messageId: number) {
  const message = client.messages.get(roomId, messageId)
  message.subscribe(() => {})
  return () => {
    const found = message.get()
    return typeof found === 'string' ? found : found.content
  }
}

function openThread(client: Client, roomId: number, threadId: number) {
  client.threads.open(roomId, threadId)
  return () =>
    client.threads
      .timeline(roomId, threadId)
      .get()
      .messages.map(({ content }) => content)
}

/** Ann has seen her followed thread, with one answer, in the list and opened. */
async function stage(t: TestContext) {
  const { ann, bob, roomId, threadId } = await setThreadStage(t, server)
  bob.client.messages.send(roomId, 'I like it', { threadId })
  const keeper = openKeeper(t, ann.username)
  const client = await keeper.signIn()
  await eventually(() => followed(client).includes(threadId))
  const root = watch(client, roomId, threadId)
  const last = watch(client, roomId, client.threads.followed.get().threads[0]?.last_message_id ?? 0)
  const texts = openThread(client, roomId, threadId)
  await eventually(() => root() === 'What do you think?' && last() === 'I like it' && texts().length === 1)
  return { ...keeper, client, ann, bob, roomId, threadId }
}

test('without a network a new page shows the followed threads and the open ones as they were seen', async (t) => {
  const { open, roomId, threadId } = await stage(t)
  const next = await open(offline)
  assert.deepEqual(followed(next), [threadId])
  const [thread] = next.threads.followed.get().threads
  assert.deepEqual([thread?.unread, next.threads.get(roomId, threadId).get().isFollowing], [1, true])
  assert.equal(watch(next, roomId, threadId)(), 'What do you think?')
  assert.equal(watch(next, roomId, thread?.last_message_id ?? 0)(), 'I like it')
  const texts = openThread(next, roomId, threadId)
  await eventually(() => texts().length === 1)
  assert.deepEqual(texts(), ['I like it'])
  // Where the reader is, only the server knows.
  assert.equal(next.threads.timeline(roomId, threadId).get().dividerAfterSeq, null)
})

test('a thread that was open and not followed is kept with what it hangs from', async (t) => {
  const { open, cache, client, roomId, threadId } = await stage(t)
  client.threads.setFollowing(roomId, threadId, false)
  await eventually(() => followed(client).length === 0)
  const next = await open(offline)
  assert.deepEqual(followed(next), [])
  const texts = openThread(next, roomId, threadId)
  const root = watch(next, roomId, threadId)
  await eventually(() => texts().length === 1 && root() === 'What do you think?')
  assert.equal(cache.copy().threadWindows.size, 1)
})

test('what changed meanwhile comes with the server: answers, edits, removals, and who follows what', async (t) => {
  const { open, bob, roomId, threadId } = await stage(t)
  const kept = await open(offline)
  const first = kept.threads.followed.get().threads[0]?.last_message_id ?? 0
  bob.client.messages.edit(roomId, first, 'I like it a lot')
  bob.client.messages.send(roomId, 'And so does everybody', { threadId })
  await eventually(() => bob.client.threads.timeline(roomId, threadId).get().pending.length === 0)
  await eventually(() => bob.client.messages.unsent.get().length === 0)
  const next = await open()
  const root = watch(next, roomId, threadId)
  const texts = openThread(next, roomId, threadId)
  assert.deepEqual(followed(next), [threadId])
  await eventually(() => texts().join() === 'I like it a lot,And so does everybody')
  await eventually(() => next.threads.followed.get().threads[0]?.message_count === 2)
  await eventually(() => next.threads.timeline(roomId, threadId).get().dividerAfterSeq === 0)
  assert.equal(root(), 'What do you think?')
})

test('what one reads in a kept thread is marked once the server has said how far one had read', async (t) => {
  const { open, ann, roomId, threadId } = await stage(t)
  const next = await open(offline)
  next.threads.markRead(roomId, threadId, 1)
  assert.equal(next.threads.get(roomId, threadId).get().unread, 1)
  const live = await open()
  live.threads.markRead(roomId, threadId, 1)
  await eventually(() => live.threads.get(roomId, threadId).get().unread === 0)
  await eventually(() => ann.client.threads.get(roomId, threadId).get().unread === 0)
})

test('of a room that was left, and for another person, nothing stays', async (t) => {
  const { open, cache, client, bob, roomId, threadId } = await stage(t)
  await client.rooms.leave(roomId)
  const next = await open(offline)
  assert.deepEqual(followed(next), [])
  const { threads, threadWindows } = cache.copy()
  assert.deepEqual([threads.size, threadWindows.size], [0, 0])
  assert.equal(bob.client.rooms.get(roomId).get()?.id, roomId)
  assert.equal(next.threads.timeline(roomId, threadId).get().messages.length, 0)
})

test('who signs out leaves no thread behind', async (t) => {
  const { cache, client } = await stage(t)
  await client.session.signOut()
  await cache.run('readonly', async () => {})
  assert.equal(cache.size, 0)
})

test('after any reload the list is what a fresh client fetches', async (t) => {
  const { open, ann, bob, roomId, threadId } = await stage(t)
  await open(offline)
  ann.client.messages.send(roomId, 'Mine too', { threadId })
  await eventually(() => ann.client.messages.unsent.get().length === 0)
  ann.client.messages.send(roomId, 'Another question')
  await eventually(() => ann.client.messages.timeline(roomId).get().messages.at(-1)?.content === 'Another question')
  await eventually(() => ann.client.messages.unsent.get().length === 0)
  const again = ann.client.messages.timeline(roomId).get().messages.at(-1)?.id ?? 0
  bob.client.messages.send(roomId, 'Another answer', { threadId: again })
  await eventually(() => bob.client.messages.unsent.get().length === 0)
  const next = await open()
  const fresh = await openObserver(t, server, ann.username)
  await eventually(() => followed(fresh.client).length === 2)
  await eventually(() => followed(next).length === 2)
  assert.deepEqual(next.threads.followed.get(), fresh.client.threads.followed.get())
})
