import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import { hearMessage, mayMissMentions, type Mentions, mentionsAfter, mentionsOf, mergeMentions } from './known.ts'
import { noMentions, settleMentions, unreadMentions } from './known.ts'

const viewer = 1

function row(seq: number, version: number, change: Partial<MessageRow> = {}): MessageRow {
  const mentions = { users: [viewer], all: false }
  const user = { id: 2, username: 'bob', display_name: null }
  return { thread_id: 0, seq, version, user, mentions, deleted_at: null, ...change } as MessageRow
}

const told = (version: number, read_seq: number, unread_mentions: number[]) =>
  mentionsOf({ unread_mentions, mentions_version: version }, read_seq)
const hearAll = (mentions: Mentions, rows: readonly MessageRow[]) =>
  rows.reduce((known, each) => hearMessage(known, each, viewer), mentions)

test('whatever the order in which rows come, the latest of each message decides', () => {
  const rows = [row(1, 2), row(1, 4, { mentions: null }), row(2, 3), row(2, 5, { deleted_at: 'now' }), row(3, 6)]
  for (const order of [rows, rows.toReversed(), [...rows, ...rows]]) {
    const known = hearAll(told(1, 0, []), order)
    assert.deepEqual(unreadMentions(known, 0), [3])
    assert.deepEqual(unreadMentions(settleMentions(known, 6), 0), [3])
    assert.deepEqual(settleMentions(known, 6).later, [])
  }
})

test('own messages, answers in threads, system lines and what names others are no mentions', () => {
  const rows = [
    row(1, 2, { user: { id: viewer, username: 'ann', display_name: null } }),
    row(2, 3, { thread_id: 9 }),
    row(3, 4, { seq: null }),
    row(4, 5, { mentions: { users: [2, 3], all: false } }),
    row(5, 6, { mentions: { users: [], all: true } }),
  ]
  assert.deepEqual(unreadMentions(hearAll(noMentions, rows), 0), [5])
})

test('an answer that was overtaken takes nothing back, and keeps what came after it', () => {
  const known = settleMentions(hearAll(told(1, 0, []), [row(1, 2), row(2, 3)]), 3)
  assert.deepEqual(unreadMentions(mergeMentions(known, told(2, 0, [1])), 0), [1, 2])
  const ahead = hearAll(told(1, 0, []), [row(4, 9)])
  assert.deepEqual(unreadMentions(mergeMentions(ahead, told(7, 0, [2])), 0), [2, 4])
  assert.deepEqual(unreadMentions(mergeMentions(told(9, 0, []), ahead), 0), [])
})

test('of two of one version the one that reaches further back stays', () => {
  const [far, near] = [told(5, 0, [1, 3]), told(5, 2, [3])]
  for (const merged of [mergeMentions(far, near), mergeMentions(near, far)]) {
    assert.deepEqual(unreadMentions(merged, 0), [1, 3])
    assert.equal(mayMissMentions(merged, 0), false)
  }
  assert.equal(mayMissMentions(near, 1), true)
})

test('an own message has read all that was there', () => {
  const known = mergeMentions(told(5, 0, [1, 3]), mentionsAfter({ seq: 4, version: 6 }))
  assert.deepEqual(unreadMentions(known, 0), [])
  assert.equal(mayMissMentions(known, 4), false)
  assert.equal(mayMissMentions(known, 3), true)
})

test('of a list that was cut, the part below is asked for once there is room for it', () => {
  const seqs = Array.from({ length: 100 }, (_, n) => n + 51)
  const cut = told(200, 0, seqs)
  assert.equal(mayMissMentions(cut, 0), false)
  const less = settleMentions(hearAll(cut, [row(60, 201, { deleted_at: 'now' })]), 201)
  assert.equal(mayMissMentions(less, 0), true)
  assert.equal(mayMissMentions(less, 50), false)
  const more = settleMentions(hearAll(told(200, 40, seqs.slice(1)), [row(151, 201), row(152, 202)]), 202)
  assert.deepEqual(unreadMentions(more, 40), [...seqs.slice(2), 151, 152])
  assert.equal(mayMissMentions(more, 40), false)
  assert.equal(mayMissMentions(settleMentions(hearAll(more, [row(152, 203, { mentions: null })]), 203), 40), true)
})
