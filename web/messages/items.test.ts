import { expect, test } from 'vitest'
import type { MessageView } from '@grandchat/client'
import type { SystemLine } from '@grandchat/contracts/messages/schema'
import { noneAttached } from '../testing/fake-room.ts'
import { person } from '../testing/people.ts'
import { itemsOf } from './items.ts'
import { isPrepended } from './use-prepended.ts'

const viewer = 99

const at = (minute: number) => new Date(2026, 10, 20, 12, minute).toISOString().replace('Z', '000Z')

function message(id: number, username: string, created_at: string, change: Partial<MessageView> = {}): MessageView {
  const base = {
    id,
    room_id: 1,
    thread_id: 0,
    system: null,
    reply_to: null,
    forwarded: null,
    mentions: null,
    seq: id,
    version: id,
    kind: 'user' as const,
    user: person(username),
    content: `m${id}`,
  }
  return { ...base, ...noneAttached, client_message_id: null, edited_at: null, deleted_at: null, created_at, ...change }
}

const timeline = (messages: MessageView[], dividerAfterSeq: number | null = null, hasOlder = false) => ({
  messages,
  pending: [],
  dividerAfterSeq,
  hasOlder,
})

test('messages of one author within five minutes form a group', () => {
  const rows = [
    message(1, 'maya', at(0)),
    message(2, 'maya', at(4)),
    message(3, 'maya', at(10)),
    message(4, 'sam', at(11)),
    message(5, 'maya', at(12)),
  ]
  expect(itemsOf(timeline(rows), { viewerId: viewer }).map((item) => item.leads)).toEqual([
    true,
    false,
    true,
    true,
    true,
  ])
})

test('a system line ends a group', () => {
  const rows = [
    message(1, 'maya', at(0)),
    message(2, 'sam', at(0), { kind: 'system', seq: null, content: 'joined' }),
    message(3, 'maya', at(1)),
  ]
  expect(itemsOf(timeline(rows), { viewerId: viewer }).map((item) => item.leads)).toEqual([true, true, true])
})

test('the first message of each day opens it', () => {
  const rows = [message(1, 'maya', at(0)), message(2, 'maya', at(24 * 60)), message(3, 'maya', at(24 * 60 + 1))]
  expect(itemsOf(timeline(rows), { viewerId: viewer }).map((item) => item.opensDay)).toEqual([true, true, false])
})

test('the divider stands before the first message after the read one', () => {
  const rows = [message(1, 'maya', at(0)), message(2, 'maya', at(1)), message(3, 'maya', at(2))]
  const items = itemsOf(timeline(rows, 1), { viewerId: viewer })
  expect(items.map((item) => item.isFirstNew)).toEqual([false, true, false])
  expect(items[1]?.leads).toBe(true)
})

test('one’s own message is never new to oneself', () => {
  const rows = [message(1, 'sam', at(0)), message(2, 'maya', at(1)), message(3, 'sam', at(2))]
  const items = itemsOf(timeline(rows, 1), { viewerId: person('maya').id })
  expect(items.map((item) => item.isFirstNew)).toEqual([false, false, true])
})

test('the divider waits for the page that holds its place', () => {
  const rows = [message(7, 'sam', at(0)), message(8, 'sam', at(1))]
  const firstNew = (hasOlder: boolean, afterSeq: number) =>
    itemsOf(timeline(rows, afterSeq, hasOlder), { viewerId: viewer }).map((item) => item.isFirstNew)
  expect(firstNew(true, 3)).toEqual([false, false])
  expect(firstNew(true, 7)).toEqual([false, true])
  expect(firstNew(false, 3)).toEqual([true, false])
})

test('nothing is shown of a deleted message, which keeps its place and parts nobody', () => {
  const rows = [message(1, 'maya', at(0)), message(2, 'sam', at(1), { deleted_at: at(2) }), message(3, 'maya', at(2))]
  const items = itemsOf(timeline(rows), { viewerId: viewer })
  expect(items.map((item) => item.kind)).toEqual(['user', 'gone', 'user'])
  expect(items[2]?.leads).toBe(false)
})

test('a deleted message that was answered in a thread is shown as long as anything is left in it', () => {
  const kindWith = (message_count: number) => {
    const thread = {
      id: 1,
      room_id: 1,
      version: 3,
      last_seq: 2,
      message_count,
      last_message_at: at(2),
      last_message_id: 9,
      users: [],
    }
    const rows = [message(1, 'maya', at(0), { deleted_at: at(1), thread })]
    return itemsOf(timeline(rows), { viewerId: viewer })[0]?.kind
  }
  expect(kindWith(1)).toBe('user')
  expect(kindWith(0)).toBe('gone')
})

test('a message that its author has just deleted is gone, and back if that is undone', () => {
  const rows = [message(1, 'maya', at(0)), message(2, 'maya', at(1)), message(3, 'maya', at(2))]
  const kinds = (hidden: Set<number>) => itemsOf(timeline(rows), { viewerId: viewer, hidden }).map((item) => item.kind)
  expect(kinds(new Set([1]))).toEqual(['gone', 'user', 'user'])
  expect(kinds(new Set())).toEqual(['user', 'user', 'user'])
})

test('a sent message takes the place and the key of its pending copy', () => {
  const user = person('maya')
  const client_message_id = '7f1f8f0a-4f5b-4f6e-9d0e-2f6b5a3c1d22'
  const pending = {
    client_message_id,
    room_id: 1,
    thread_id: 0,
    reply_to: null,
    forwarded: null,
    content: 'hello',
    user,
    created_at: at(0),
    state: 'sending' as const,
    isKept: true,
  }
  const before = itemsOf({ ...timeline([]), pending: [pending] }, { viewerId: viewer })
  const sent = message(1, 'maya', at(0), { client_message_id, content: 'hello' })
  const both = itemsOf({ ...timeline([sent]), pending: [pending] }, { viewerId: viewer })
  expect(both.map((item) => item.key)).toEqual(before.map((item) => item.key))
  expect(both[0]?.message?.id).toBe(1)
})

test('two authors with the same client message id stay two rows', () => {
  const client_message_id = '7f1f8f0a-4f5b-4f6e-9d0e-2f6b5a3c1d22'
  const rows = [message(1, 'maya', at(0), { client_message_id }), message(2, 'sam', at(1), { client_message_id })]
  const keys = itemsOf(timeline(rows), { viewerId: viewer }).map((item) => item.key)
  expect(new Set(keys).size).toBe(2)
})

test('a row whose place did not change is the same object', () => {
  const rows = [message(1, 'maya', at(0)), message(2, 'maya', at(1))]
  const before = itemsOf(timeline(rows), { viewerId: viewer })
  const after = itemsOf(timeline([...rows, message(3, 'sam', at(2))]), { viewerId: viewer })
  expect(after.slice(0, 2)).toEqual(before)
  expect(after[0]).toBe(before[0])
})

test('the first loaded row keeps its look when a page joins above it, also once it changes', () => {
  const older = [message(1, 'maya', at(0)), message(2, 'maya', at(1))]
  const rows = [message(3, 'maya', at(2)), message(4, 'maya', at(3))]
  const firsts = new Set<string>()
  const before = itemsOf(timeline(rows, null, true), { viewerId: viewer, firsts })
  const after = itemsOf(timeline([...older, ...rows]), { viewerId: viewer, firsts })
  expect(before[0]).toMatchObject({ leads: true, opensDay: false })
  expect(after[2]).toBe(before[0])
  expect(isPrepended(before, after)).toBe(true)
  expect(isPrepended(after, before)).toBe(false)
  const changed = [...older, message(3, 'maya', at(2), { isPinned: true }), message(4, 'maya', at(3))]
  expect(itemsOf(timeline(changed), { viewerId: viewer, firsts })[2]?.leads).toBe(true)
})

test('an answer stands with its author, whoever spoke before', () => {
  const rows = [message(1, 'maya', at(0)), message(2, 'maya', at(1), { reply_to: 1 })]
  expect(itemsOf(timeline(rows), { viewerId: viewer }).map((item) => item.leads)).toEqual([true, true])
})

const line = (id: number, username: string, minute: number, system: SystemLine) =>
  message(id, username, at(minute), { kind: 'system', seq: null, system })

test('comings and goings that follow each other are one line, which keeps its key as it grows', () => {
  const rows = [
    line(1, 'maya', 0, { type: 'created' }),
    line(2, 'sam', 1, { type: 'joined' }),
    line(3, 'jonas', 2, { type: 'joined' }),
    message(4, 'maya', at(3)),
    line(5, 'sam', 4, { type: 'left' }),
  ]
  const runs = (shown: MessageView[]) =>
    itemsOf(timeline(shown), { viewerId: viewer }).map(({ key, run }) => [key, run.length])
  expect(runs(rows)).toEqual([
    ['1', 1],
    ['2', 2],
    ['4', 0],
    ['5', 1],
  ])
  expect(runs([...rows, line(6, 'jonas', 5, { type: 'left' })]).at(-1)).toEqual(['5', 2])
})

test('a run does not reach over the first loaded row: what is below must not move', () => {
  const older = [line(1, 'sam', 0, { type: 'joined' }), line(2, 'jonas', 1, { type: 'joined' })]
  const rows = [line(3, 'priya', 2, { type: 'joined' }), message(4, 'maya', at(3))]
  const firsts = new Set<string>()
  const before = itemsOf(timeline(rows, null, true), { viewerId: viewer, firsts })
  const after = itemsOf(timeline([...older, ...rows]), { viewerId: viewer, firsts })
  expect(after.map(({ run }) => run.length)).toEqual([2, 1, 0])
  expect(isPrepended(before, after)).toBe(true)
})
