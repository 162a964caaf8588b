import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FollowedThreads } from '@grandchat/contracts/messages/schema'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import { createOwnRows } from '../own-rows/own-rows.ts'
import { createSources } from '../source.ts'
import { createFollowed } from './followed.ts'

const at = (n: number) => `2026-01-01T00:00:00.${String(n).padStart(6, '0')}Z`

function rowOf(id: number): ThreadRow {
  const counts = { last_seq: 1, message_count: 1 }
  return { id, room_id: 1, version: id, ...counts, last_message_at: at(id), last_message_id: id + 100, users: [] }
}

/** Somebody who follows threads 1 to 5, of which the server answers two at a time. */
function stage() {
  const source = createSources(assert.ifError)
  const ownRows = createOwnRows({ source, wishes: () => [], knownVersion: () => 0 })
  const server = { isDown: false, asked: [] as (string | undefined)[], answered: Promise.resolve() }
  for (let id = 1; id <= 5; id++) {
    ownRows.mergeWritten({
      kind: 'thread',
      key: String(id),
      value: { is_following: true, read_seq: 0 },
      own_version: id,
    })
  }
  const followed = createFollowed({
    source,
    ownRows,
    directory: { named: (row: object) => row } as never,
    actions: () => ({ of: () => [], add: () => undefined }),
    viewerId: () => 1,
    isMember: () => true,
    canLoad: () => true,
    async fetchFollowed(before): Promise<FollowedThreads> {
      server.asked.push(before)
      await server.answered
      if (server.isDown) throw new TypeError('away')
      const older = [5, 4, 3, 2, 1].filter((id) => before === undefined || at(id) < before)
      return { threads: older.slice(0, 2).map(rowOf), messages: [], reactions: [], pins: [], more: older.length > 2 }
    },
    find: () => undefined,
  })
  const list = () => followed.methods.followed.get()
  const ids = () => list().threads.map(({ id }) => id)
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return { followed, server, list, ids, turn }
}

test('older threads come when asked for, until there are no more', async () => {
  const { followed, list, ids, turn } = stage()
  assert.equal(list().status, 'loading')
  followed.attendAll()
  await turn()
  assert.deepEqual([list().status, ids(), list().hasOlder], ['ready', [5, 4], true])
  await followed.methods.loadOlderFollowed()
  await followed.methods.loadOlderFollowed()
  assert.deepEqual([ids(), list().hasOlder], [[5, 4, 3, 2, 1], false])
})

test('what could not be had is said, and asked for again by the next sync or by whoever wants it', async () => {
  const { followed, server, list, ids, turn } = stage()
  server.isDown = true
  followed.attendAll()
  await turn()
  assert.equal(list().status, 'error')
  server.isDown = false
  await followed.methods.loadOlderFollowed()
  assert.deepEqual([list().status, ids(), server.asked], ['ready', [5, 4], [undefined, undefined]])
})

test('an answer to whoever was signed in before is nobody’s', async () => {
  const { followed, server, list, turn } = stage()
  const late = Promise.withResolvers<void>()
  server.answered = late.promise
  followed.attendAll()
  followed.reset()
  late.resolve()
  await turn()
  assert.deepEqual([list().status, list().threads], ['loading', []])
})
