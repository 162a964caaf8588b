import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Happening, Row, Shown } from '../history.ts'
import { type CheckOptions, type Kind, check } from './check.ts'

const [ann, bob, eve] = [1, 2, 9]
const text = (n: number) => `~1.${n}~ number ${n}`
const key = (n: number) => `key ${n}`
const row = (n: number, more: Partial<Row> = {}): Row => ({
  id: 100 + n,
  thread: 0,
  seq: n,
  version: 2 + n,
  user: ann,
  key: key(n),
  text: text(n),
  isDeleted: false,
  state: '',
  ...more,
})
const shown = (n: number): Shown => ({ id: 100 + n, key: key(n), text: text(n) })
const by = (user: number) => ({ proc: `p${user}`, user, room: 1 })

const invoke = (n: number, user = ann): Happening => ({
  ...by(user),
  f: 'send',
  type: 'invoke',
  key: key(n),
  text: text(n),
})
const ok = (n: number): Happening => {
  const { id, version } = row(n)
  return { ...by(ann), f: 'send', type: 'ok', key: key(n), id, seq: n, version }
}
const refused = (n: number): Happening => ({ ...by(ann), f: 'send', type: 'fail', key: key(n) })
const unknown = (n: number): Happening => ({ ...by(ann), f: 'send', type: 'info', key: key(n) })
const show = (user: number, at: number, remove: number, add: Shown[], status = 'ready'): Happening => ({
  ...by(user),
  f: 'show',
  status,
  at,
  remove,
  add,
})
const receives = (user: number, n: number): Happening => ({ ...by(user), f: 'receive', canary: `~1.${n}~` })
const leaves = (user: number, version: number): Happening => ({ ...by(user), f: 'leave', type: 'ok', version })
const joins = (user: number): Happening => ({ ...by(user), f: 'join', type: 'invoke' })
const list = (user: number, more: Partial<Extract<Happening, { f: 'list' }>['rooms'][number]> = {}): Happening => ({
  f: 'list',
  proc: `p${user}`,
  user,
  rooms: [{ room: 1, unread: 0, readSeq: 2, lastSeq: 2, memberCount: 2, ...more }],
})
const final = (user: number, numbers: number[], more: Partial<Extract<Happening, { f: 'final' }>> = {}): Happening => ({
  ...by(user),
  f: 'final',
  status: 'ready',
  hasOlder: false,
  ids: numbers.map((n) => 100 + n),
  pending: [],
  ...more,
})
const room = (rows: Row[], lastSeq = rows.length, isLarge = false): Happening => ({
  f: 'room',
  room: 1,
  isLarge,
  version: 2 + rows.length,
  lastSeq,
  memberCount: 2,
  bumpedAt: '2026',
  rows,
})
const member = (user: number, readSeq = 2, isMember = true): Happening => ({
  f: 'membership',
  room: 1,
  user,
  isMember,
  readSeq,
})
const initial: Happening[] = [ann, bob].map((user) => ({ ...by(user), f: 'join', type: 'ok', version: 0 }))
const ending = (rows: Row[] = [row(1), row(2)]) => [room(rows), member(ann), member(bob)]

function judge(happenings: Happening[], options: CheckOptions = {}) {
  const entries: Entry[] = [...initial, ...happenings].map((happening, i) => ({ i, t_ns: i * 1e6, ...happening }))
  return check(entries, options)
}

/** Exactly these kinds of offences, each so often. */
function assertOnly(happenings: Happening[], expected: Partial<Record<Kind, number>>, options = {}) {
  const { counts, isValid, offences } = judge(happenings, options)
  const found = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  assert.deepEqual(found, expected, JSON.stringify(offences, null, 1))
  assert.equal(isValid, Object.keys(expected).length === 0)
}

const twoSends = [invoke(1), ok(1), invoke(2), ok(2)]

test('a history in which everything went well is valid', () => {
  const screens = [ann, bob].flatMap((user) => [show(user, 0, 0, [shown(1)]), show(user, 1, 0, [shown(2)])])
  const happenings = [...twoSends, ...screens, final(ann, [1, 2]), final(bob, [1, 2]), list(ann), list(bob)]
  assertOnly([...happenings, receives(bob, 1), ...ending()], {})
  assert.equal(judge([...happenings, ...ending()]).acknowledged, 2)
})

test('acknowledged and not there is lost', () => {
  assertOnly([...twoSends, ...ending([row(1)])], { lost: 1 })
})

test('written, never refused and not there at the end is lost as well', () => {
  assertOnly([...twoSends, invoke(3), unknown(3), ...ending()], { lost: 1 })
})

test('refused and not there is as it should be; refused and there is a phantom', () => {
  assertOnly([...twoSends, invoke(3), refused(3), ...ending()], {})
  assertOnly([...twoSends, invoke(3), refused(3), ...ending([row(1), row(2), row(3)])], { phantom: 1 })
})

test('refused after an attempt that nobody knows of may be there', () => {
  const happenings = [...twoSends, invoke(3), unknown(3), refused(3)]
  assertOnly([...happenings, ...ending()], {})
  assertOnly([...happenings, ...ending([row(1), row(2), row(3)])], {})
})

test('one key twice is doubled', () => {
  assertOnly([...twoSends, ...ending([row(1), row(2), row(3, { key: key(2), text: text(2) })])], { doubled: 1 })
})

test('a message that is not where its answer said is moved, and so is one with another text', () => {
  const swapped = [row(1, { key: key(2), text: text(2) }), row(2, { key: key(1), text: text(1) })]
  assertOnly([invoke(1), invoke(2), ok(1), ok(2), ...ending(swapped)], { moved: 2 })
  assertOnly([...twoSends, ...ending([row(1), row(2, { text: 'else' })])], { moved: 1 })
})

test('a gap in the numbers of a room, or a version twice, is moved', () => {
  assertOnly([...twoSends, room([row(1), row(2, { seq: 3 })], 3)], { moved: 2 })
  assertOnly([invoke(1), invoke(2), room([row(1), row(2, { version: 3 })])], { moved: 1 })
})

test('written after another was acknowledged, and before it in the room, is reordered', () => {
  const swapped = [row(1, { key: key(2), text: text(2) }), row(2, { key: key(1), text: text(1) })]
  const answer: Happening = { ...by(ann), f: 'send', type: 'ok', key: key(1), id: 102, seq: 2, version: 4 }
  assertOnly([invoke(1), answer, invoke(2), ...ending(swapped)], { reordered: 1 })
})

test('what nobody wrote is a phantom, and so is what is there in the name of another', () => {
  assertOnly([invoke(1), ok(1), ...ending([row(1), row(2)])], { phantom: 1 })
  assertOnly([invoke(1), ok(1), invoke(2, bob), ...ending([row(1), row(2)])], { phantom: 1 })
})

test('a page of history that leaves one out or swaps two is reordered; one that nobody finds again is lost', () => {
  const sends = [...twoSends, invoke(3), ok(3)]
  const rows = [row(1), row(2), row(3)]
  const read = (ids: number[]): Happening => ({ ...by(bob), f: 'read', ids })
  assertOnly([...sends, read([103, 102, 101]), read([102, 101]), ...ending(rows)], {})
  assertOnly([...sends, read([103, 101]), ...ending(rows)], { reordered: 1 })
  assertOnly([...sends, read([101, 102]), ...ending(rows)], { reordered: 1 })
  assertOnly([...sends, read([104, 103]), ...ending(rows)], { lost: 1 })
})

test('a room that REST tells differently is lost', () => {
  const whole = (ids: number[]): Happening => ({ ...by(bob), f: 'whole', ids })
  assertOnly([...twoSends, whole([101, 102]), ...ending()], {})
  assertOnly([...twoSends, whole([101]), ...ending()], { lost: 1 })
  assertOnly([...twoSends, whole([102, 101]), ...ending()], { lost: 1 })
})

test('a message that goes from the screen has vanished; the oldest may go, and a room may be blank for a moment', () => {
  const filled = [...twoSends, show(bob, 0, 0, [shown(1), shown(2)])]
  assertOnly([...filled, show(bob, 1, 1, []), ...ending()], { vanished: 1 })
  assertOnly([...filled, show(bob, 0, 1, []), ...ending()], {})
  assertOnly([...filled, show(bob, 0, 2, [], 'loading'), show(bob, 0, 0, [shown(2)]), ...ending()], {})
})

test('a message twice on the screen is doubled, two in the wrong order are reordered, an unknown one is a phantom', () => {
  assertOnly([...twoSends, show(bob, 0, 0, [shown(1), shown(1)]), ...ending()], { doubled: 1 })
  assertOnly([...twoSends, show(bob, 0, 0, [shown(2), shown(1)]), ...ending()], { reordered: 1 })
  assertOnly([...twoSends, show(bob, 0, 0, [shown(2)]), show(bob, 1, 0, [shown(1)]), ...ending()], { reordered: 1 })
  assertOnly([...twoSends, show(bob, 0, 0, [shown(1)]), show(bob, 0, 0, [shown(2)]), ...ending()], { reordered: 1 })
  assertOnly([...twoSends, show(bob, 0, 0, [shown(3)]), ...ending()], { phantom: 1 })
})

test('what comes late stands in its place', () => {
  const three = [...twoSends, invoke(3), ok(3)]
  const screen = [show(bob, 0, 0, [shown(1), shown(3)]), show(bob, 1, 0, [shown(2)]), final(bob, [1, 2, 3])]
  assertOnly([...three, ...screen, ...ending([row(1), row(2), row(3)])], {})
})

test('what waits to be sent vanishes unless it is shown or was discarded after it was refused', () => {
  const pending = (...keys: { key: string; state: string }[]): Happening => ({ ...by(ann), f: 'pending', keys })
  const start = [show(ann, 0, 0, []), ...twoSends]
  const sending = pending({ key: key(1), state: 'sending' })
  assertOnly([...start, sending, show(ann, 0, 0, [shown(1)]), pending(), ...ending()], {})
  assertOnly([...start, sending, pending(), ...ending()], { vanished: 1 })
  const failed = [invoke(3), pending({ key: key(3), state: 'failed' }), pending(), refused(3)]
  assertOnly([...start, ...failed, ...ending()], {})
  assertOnly([...start, pending({ key: key(2), state: 'failed' }), ...ending()], { phantom: 1 })
})

test('in a page nothing stands twice or out of order, and at the end it stands at the end', () => {
  const page = (numbers: number[], isLast = false): Happening => ({
    ...by(bob),
    f: 'page',
    ids: numbers.map((n) => 100 + n),
    isLast,
  })
  assertOnly([...twoSends, page([]), page([1]), page([1, 2]), page([2], true), ...ending()], {})
  assertOnly([...twoSends, page([2, 1]), ...ending()], { reordered: 1 })
  assertOnly([...twoSends, page([1, 1]), ...ending()], { doubled: 1 })
  assertOnly([...twoSends, page([1, 3]), ...ending()], { phantom: 1 })
  assertOnly([...twoSends, page([1], true), ...ending()], { late: 1 })
  assertOnly([...twoSends, page([], true), ...ending()], { late: 1 })
})

test('what an entitled client does not show at the end is late', () => {
  assertOnly([...twoSends, final(bob, [1]), ...ending()], { late: 1 })
  assertOnly([...twoSends, final(bob, [], { status: 'error' }), ...ending()], { late: 1 })
  assertOnly([...twoSends, final(bob, [2]), ...ending()], { late: 1 })
  assertOnly([...twoSends, final(bob, [2], { hasOlder: true }), ...ending()], {})
  const ghost = { pending: [{ key: key(2), state: 'waiting' }] }
  assertOnly([...twoSends, final(ann, [1, 2], ghost), ...ending()], { late: 1 })
})

test('a room that was left is gone', () => {
  const end = [room([row(1), row(2)]), member(ann), member(bob, 2, false)].map((entry) =>
    entry.f === 'room' ? { ...entry, memberCount: 1 } : entry,
  )
  assertOnly([...twoSends, leaves(bob, 5), final(bob, [], { status: 'gone' }), ...end], {})
  assertOnly([...twoSends, leaves(bob, 5), final(bob, [1, 2]), ...end], { late: 1 })
})

test('whatever an outsider receives of a room is leaked', () => {
  assertOnly([...twoSends, receives(eve, 1), ...ending()], { leaked: 1 })
  assertOnly([...twoSends, { ...by(eve), f: 'receive', canary: '~1.typing~' }, ...ending()], { leaked: 1 })
})

test('who left may know what came before, not what came after; who comes back may know all', () => {
  const left = [invoke(1), ok(1), leaves(bob, 3), invoke(2), ok(2)]
  assertOnly([...left, receives(bob, 1), ...ending()], {})
  assertOnly([...left, receives(bob, 2), ...ending()], { leaked: 1 })
  assertOnly([...left, joins(bob), receives(bob, 2), ...ending()], {})
  const unsure: Happening = { ...by(bob), f: 'leave', type: 'info' }
  assertOnly([invoke(1), unsure, ok(1), receives(bob, 1), invoke(2), ok(2), ...ending()], {})
})

test('whose join is refused is where they were', () => {
  const isRefused: Happening = { ...by(eve), f: 'join', type: 'fail' }
  assertOnly([...twoSends, joins(eve), isRefused, receives(eve, 1), ...ending()], { leaked: 1 })
  assertOnly([...twoSends, joins(eve), joins(eve), isRefused, receives(eve, 1), ...ending()], {})
})

test('in a large room events may be on their way to who left for a second', () => {
  const left = [invoke(1), ok(1), leaves(bob, 3), invoke(2), ok(2), receives(bob, 2)]
  const end = [room([row(1), row(2)], 2, true), member(ann), member(bob)]
  assertOnly([...left, ...end], {})
  assertOnly([...left, ...end], { leaked: 1 }, { graceMs: 0 })
  // Who keeps tokens may have longer, but only they.
  assertOnly([...left, ...end], { leaked: 1 }, { graceMs: 0, keptTokenMs: 1_000 })
})

test('counters that differ from the database are told one by one', () => {
  assertOnly([...twoSends, list(bob, { unread: 1 }), ...ending()], { counters: 1 })
  assertOnly([...twoSends, list(bob, { lastSeq: 1, memberCount: 3 }), ...ending()], { counters: 2 })
  assertOnly([...twoSends, { f: 'list', proc: 'p2', user: bob, rooms: [] }, ...ending()], { counters: 1 })
  assertOnly([...twoSends, list(eve), ...ending()], { counters: 1 })
  assertOnly([...twoSends, room([row(1), row(2)]), member(ann)], { counters: 1 })
})

test('a read position follows the last write', () => {
  const mark = (seq: number, userVersion: number): Happening => ({
    ...by(bob),
    f: 'mark',
    type: 'ok',
    seq,
    userVersion,
    atVersion: 4,
  })
  const end = (readSeq: number) => [room([row(1), row(2)]), member(ann), member(bob, readSeq)]
  assertOnly([...twoSends, mark(1, 8), mark(2, 7), ...end(1)], {})
  assertOnly([...twoSends, mark(1, 8), mark(2, 7), ...end(2)], { counters: 1 })
  // An own message that came after it has moved it; of one that was edited since, and never answered, nobody knows.
  const withOwn = (version: number, readSeq: number, state = ''): Happening[] => [
    { ...(room([row(1), row(2, { user: bob, version, state })]) as Extract<Happening, { f: 'room' }>), version: 9 },
    member(ann),
    member(bob, readSeq),
  ]
  const sent = [invoke(1), ok(1), invoke(2, bob), mark(1, 8)]
  assertOnly([...sent, ...withOwn(9, 2)], {})
  assertOnly([...sent, ...withOwn(9, 1)], { counters: 1 })
  assertOnly([...sent, ...withOwn(9, 1, 'edited')], {})
})
