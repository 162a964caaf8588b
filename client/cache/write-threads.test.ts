import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import { noMentions } from '../mentions/known.ts'
import type { CachedRoom, CachedState, CachedThread, CachedThreadWindow } from '../storage/cache-storage.ts'
import { MemoryCache } from '../testing/memory-cache.ts'
import { cacheSchema } from './read.ts'
import { type CacheRows, writeCache } from './write.ts'

const at = (n: number) => `2026-01-01T00:00:00.${String(n).padStart(6, '0')}Z`
const message = (id: number, version: number, content = '') => ({ id, version, content }) as MessageRow
const nothing = { rows: [], reactions: [], pins: [], threads: [], low: 0 }

/** `n` is when it was last written in, and by which message. */
function thread(id: number, { n = id, version = 1, messages = [] as MessageRow[], room_id = 1 } = {}): CachedThread {
  const counts = { last_seq: 1, message_count: 1, users: [] }
  const row = { id, room_id, version, ...counts, last_message_at: at(n), last_message_id: 1_000 + n }
  return { id, room_id, row, messages }
}

const window = (id: number, version = 1, room_id = 1): CachedThreadWindow => ({ ...nothing, id, version, room_id })
const roomOf = (id: number, left_at: string | null, own_version = 1) =>
  ({ id, own: { left_at, own_version }, mentions: noMentions }) as unknown as CachedRoom

/** Ann's tabs, which are of one lineage; she is in rooms 1 and 2. */
async function openCache() {
  const cache = new MemoryCache()
  async function write(rows: Partial<CacheRows>, recentThreads: readonly number[] = []) {
    const changed = { rooms: [], names: [], windows: [], ownRows: [], threads: [], threadWindows: [], ...rows }
    const state = { id: 0, schema: cacheSchema, lineage: 'one', epoch: 'e', me: { id: 1 }, recent: [], recentThreads }
    const whole = { ...state, user_version: 1, workspace_version: 1, saved_at: 0 } as unknown as CachedState
    await cache.run('readwrite', (transaction) =>
      writeCache(transaction, { state: whole, changed, all: () => changed }),
    )
  }
  await write({ rooms: [roomOf(1, null), roomOf(2, null)] })
  return { cache, write }
}

const range = (length: number) => Array.from({ length }, (_, n) => n + 1)

test('the followed threads written in last are kept, and the messages of those opened last', async () => {
  const { cache, write } = await openCache()
  await write(
    { threads: range(60).map((id) => thread(id)), threadWindows: range(30).map((id) => window(id)) },
    range(30),
  )
  const { threads, threadWindows, state } = cache.copy()
  assert.deepEqual([threads.size, threads.has(60), threads.has(10)], [50, true, false])
  assert.deepEqual([threadWindows.size, threadWindows.has(30), threadWindows.has(10)], [20, true, false])
  await write({ threads: [thread(61)], threadWindows: [window(31)] }, [31])
  assert.deepEqual([cache.copy().threads.size, cache.copy().threadWindows.size], [50, 20])
  assert.deepEqual([cache.copy().threads.has(61), cache.copy().threads.has(11)], [true, false])
  assert.deepEqual(cache.copy().state.get(0)?.recentThreads, [...(state.get(0)?.recentThreads.slice(1) ?? []), 31])
})

test('a tab that has fallen behind takes nothing back, and adds what it alone has seen', async () => {
  const { cache, write } = await openCache()
  const [root, last] = [message(7, 2, 'the root, edited'), message(1_009, 5, 'the last')]
  await write({ threads: [thread(7, { n: 9, version: 5, messages: [last] })], threadWindows: [window(7, 5)] }, [7])
  const behind = [message(7, 1, 'the root'), message(1_008, 4, 'the one before')]
  await write({ threads: [thread(7, { n: 8, version: 4, messages: behind })], threadWindows: [window(7, 4)] }, [7])
  const stored = () => cache.copy().threads.get(7)
  assert.equal(stored()?.row.version, 5)
  assert.deepEqual(
    stored()?.messages.map(({ content }) => content),
    ['the root', 'the last'],
  )
  assert.equal(cache.copy().threadWindows.get(7)?.version, 5)
  await write({ threads: [thread(7, { n: 9, version: 5, messages: [root] })] }, [7])
  assert.deepEqual(
    stored()?.messages.map(({ content }) => content),
    ['the root, edited', 'the last'],
  )
})

test('leaving a room removes its threads, and a tab that has not heard of it does not bring them back', async () => {
  const { cache, write } = await openCache()
  const threads = [thread(7), thread(8, { room_id: 2 })]
  const threadWindows = [window(7), window(8, 1, 2)]
  await write({ threads, threadWindows }, [7, 8])
  await write({ rooms: [roomOf(2, at(1), 2)] }, [7, 8])
  const ids = () => {
    const stored = cache.copy()
    return [...stored.threads.keys(), ...stored.threadWindows.keys()]
  }
  assert.deepEqual(ids(), [7, 7])
  assert.deepEqual(cache.copy().state.get(0)?.recentThreads, [7])
  await write({ threads, threadWindows }, [7, 8])
  assert.deepEqual(ids(), [7, 7])
})
