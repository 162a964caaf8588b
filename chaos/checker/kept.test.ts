import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Act, type Entry, type Happening, type Mark, type Row, steppedClocks } from '../history.ts'
import { type Kind, check } from './check.ts'

/** What is sent later, who has read, who is mentioned, and what is kept on all devices. */
const [ann, bob] = [1, 2]
const by = (user: number, device = '') => ({ proc: `p${user}${device}`, user, room: 1 })
const text = (n: number) => `~1.${n}~ number ${n}`
const row = (n: number, more: Partial<Row> = {}): Row => {
  const isNamed = { key: `key ${n}`, text: text(n), isDeleted: false, state: '' }
  return { id: 100 + n, thread: 0, seq: n, version: 2 + n, user: ann, ...isNamed, ...more }
}
const says = (n: number, said = text(n)): Happening[] => {
  const { id, version, key } = row(n)
  return [
    { ...by(ann), f: 'send', type: 'invoke', key: key!, text: said },
    { ...by(ann), f: 'send', type: 'ok', key: key!, id, seq: n, version },
  ]
}

type Kept = Extract<Happening, { f: 'own rows' }>['rows']
type End = { rows?: Row[]; kept?: Kept; marks?: Record<number, Mark>; readSeq?: number; gone?: number[] }

const lastSeqOf = (rows: readonly Row[]) => rows.filter(({ thread }) => thread === 0).length

function ending({ rows = [row(1)], kept = {}, marks = {}, gone = [], ...more }: End = {}): Happening[] {
  const { readSeq = lastSeqOf(rows) } = more
  const about = { name: 'room', topic: '', posting: 'all', isArchived: false }
  const size = { version: 20, lastSeq: lastSeqOf(rows), memberCount: 2 - gone.length }
  return [
    { f: 'room', room: 1, isLarge: false, ...size, bumpedAt: '2026', rows, about },
    ...[ann, bob].map((user): Happening => {
      const mark = marks[user]
      const names = { name: user === ann ? 'ann' : 'bob', ...(mark && { mark }) }
      return { f: 'membership', room: 1, user, isMember: !gone.includes(user), readSeq, ...names }
    }),
    { f: 'own rows', user: ann, rows: kept },
    ...[ann, bob]
      .filter((user) => !gone.includes(user))
      .map((user) => list(user, rows, readSeq, undefined, 2 - gone.length)),
  ]
}

const list = (user: number, rows: readonly Row[], readSeq: number, mentions?: number[], memberCount = 2): Happening => {
  const lastSeq = lastSeqOf(rows)
  const counted = { unread: lastSeq - readSeq, readSeq, lastSeq, memberCount, ...(mentions && { mentions }) }
  return { ...by(user), f: 'list', rooms: [{ room: 1, ...counted }] }
}

/** Exactly these kinds of offences, each so often. */
function assertOnly(happenings: Happening[], expected: Partial<Record<Kind, number>>) {
  const members = [ann, bob].map((user): Happening => ({ ...by(user), f: 'join', type: 'ok', version: 0 }))
  const entries: Entry[] = [...members, ...happenings].map((happening, i) => ({ i, t_ns: i * 1e6, ...happening }))
  const { counts, offences } = check(entries)
  const found = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  assert.deepEqual(found, expected, JSON.stringify(offences, null, 1))
}

describe('what is written to be sent later', () => {
  const about = (said: string) => ({ ...by(ann), f: 'later', key: 'key 1', text: said }) as const
  const wish = (said = text(1), more = {}): Happening => ({ ...about(said), type: 'invoke', dueMs: 1_000, ...more })
  const done = (said = text(1), version = 1, atMs = 500): Happening => ({ ...about(said), type: 'ok', version, atMs })
  const refused = (said = text(1)): Happening => ({ ...about(said), type: 'fail' })
  const sent = (more: Partial<Row> = {}) => [row(1, { atMs: 1_001, ...more })]
  const waiting = (value: string): Kept => ({ 'scheduled key 1': { value, version: 5 } })
  const none: Row[] = []

  test('is there once, in its thread, and not before its time', () => {
    assertOnly([wish(), done(), ...ending({ rows: sent() })], {})
    assertOnly([wish(), done(), ...ending({ rows: none })], { lost: 1 })
    assertOnly([wish(), ...ending({ rows: none })], { lost: 1 })
    assertOnly([wish(), done(), ...ending({ rows: [...sent(), row(2, { key: 'key 1', text: text(1) })] })], {
      doubled: 1,
    })
    assertOnly([wish(), done(), ...ending({ rows: sent({ thread: 7 }) })], { moved: 1 })
    assertOnly([wish(), done(), ...ending({ rows: sent({ text: 'else' }) })], { moved: 1 })
    assertOnly([wish(), done(), ...ending({ rows: sent({ atMs: 999 }) })], { phantom: 1 })
    const stepped: Happening = { f: 'phase', name: steppedClocks }
    assertOnly([stepped, wish(), done(), ...ending({ rows: sent({ atMs: 999 }) })], {})
  })

  test('is late as long as it waits', () => {
    assertOnly([wish(), done(), ...ending({ rows: none, kept: waiting(text(1)) })], { late: 1 })
  })

  test('is not sent after it was taken back, and may have been before', () => {
    const back = (atMs: number) => [wish(), done(), wish(''), done('', 2, atMs)]
    assertOnly([...back(800), ...ending({ rows: none })], {})
    assertOnly([...back(1_500), ...ending({ rows: sent() })], {})
    assertOnly([...back(800), ...ending({ rows: sent() })], { phantom: 1 })
    // Nobody knows when it was taken back, or whether at all.
    assertOnly([wish(), done(), wish(''), ...ending({ rows: sent() })], {})
    assertOnly([wish(), done(), wish(''), refused(''), ...ending({ rows: none })], { lost: 1 })
  })

  test('is sent as it was changed last, if that was acknowledged by then', () => {
    const changed = (atMs: number) => [wish(), done(), wish(text(2)), done(text(2), 2, atMs)]
    assertOnly([...changed(800), ...ending({ rows: sent({ text: text(2) }) })], {})
    assertOnly([...changed(1_500), ...ending({ rows: sent() })], {})
    assertOnly([...changed(800), ...ending({ rows: sent() })], { moved: 1 })
  })

  test('stays with its author for a reason that there is', () => {
    const kept = (reason: string) => ending({ rows: none, kept: waiting(`refused: ${reason}`) })
    const left: Happening = { ...by(ann), f: 'leave', type: 'ok', version: 5 }
    assertOnly([wish(), done(), ...kept('not_found')], { lost: 1 })
    const away = ending({ rows: none, kept: waiting('refused: not_found'), gone: [ann] })
    assertOnly([wish(), done(), left, ...away], {})
    assertOnly([wish(), done(), ...kept('permission_denied')], { lost: 1 })
    assertOnly([wish(text(1), { thread: 107 }), done(), ...kept('invalid_input')], { lost: 1 })
    assertOnly([wish(), refused(), ...ending({ rows: none })], {})
    assertOnly([wish(), refused(), ...ending({ rows: sent() })], { phantom: 1 })
  })

  test('is not sent while its author is away from the room, nor is anything else', () => {
    const away: Happening[] = [
      { ...by(ann), f: 'leave', type: 'ok', version: 5 },
      { ...by(ann), f: 'join', type: 'ok', version: 9 },
    ]
    assertOnly([wish(), done(), ...away, ...ending({ rows: sent({ version: 4 }) })], {})
    assertOnly([wish(), done(), ...away, ...ending({ rows: sent({ version: 7 }) })], { phantom: 1 })
    assertOnly([wish(), done(), ...away, ...ending({ rows: sent({ version: 10 }) })], {})
  })

  test('is known to its author wherever they are, and to nobody who is out', () => {
    const receives = (user: number): Happening => ({ ...by(user), f: 'receive', canary: '~1.1~' })
    const left = (user: number): Happening => ({ ...by(user), f: 'leave', type: 'ok', version: 2 })
    const kept = waiting('refused: not_found')
    assertOnly([wish(), done(), left(ann), receives(ann), ...ending({ rows: none, kept, gone: [ann] })], {})
    assertOnly([wish(), done(), left(bob), receives(bob), ...ending({ rows: sent(), gone: [bob] })], { leaked: 1 })
  })
})

describe('how far messages got', () => {
  const told = (marks: Record<string, Mark>): Happening => ({ ...by(ann), f: 'marks', room: 1, marks })
  const at = (delivered: number, seen: number, since = 'once'): Mark => ({ delivered, seen, since })
  const reads = (seq: number): Happening => ({ ...by(bob), f: 'mark', type: 'invoke', seq })
  const three = [...says(1), ...says(2), ...says(3)]
  const rows = [row(1), row(2), row(3)]
  const end = (mark?: Mark) => ending({ rows, ...(mark && { marks: { [bob]: mark } }) })
  const chooses = (value: 'on' | 'off', type: 'invoke' | 'ok', device = ''): Happening => {
    const act: Act = { kind: 'own', target: 'setting read_receipts', value: `"${value}"` }
    return { ...by(bob, device), room: 0, f: 'act', type, ...act, version: 3 }
  }

  test('does not go back as long as somebody stays', () => {
    const [one, two] = [{ [bob]: at(3, 1) }, { [bob]: at(3, 2) }]
    assertOnly([...three, reads(2), told(one), told(two), ...end()], {})
    assertOnly([...three, reads(2), told(two), told(one), ...end()], { vanished: 1 })
    assertOnly([...three, reads(2), told({ [bob]: at(3, 2) }), told({ [bob]: at(2, 2) }), ...end()], { vanished: 1 })
    assertOnly([...three, reads(2), told({ [bob]: at(3, 2) }), told({ [bob]: at(2, 2, 'again') }), ...end()], {})
  })

  test('is not ahead of the room, nor of what was read', () => {
    assertOnly([...says(1), reads(9), told({ [bob]: at(2, 1) }), ...says(2), ...says(3), ...end()], { phantom: 1 })
    assertOnly([...three, told({ [bob]: at(9, 0) }), ...end()], { phantom: 1 })
    assertOnly([...three, reads(1), told({ [bob]: at(3, 2) }), ...end()], { phantom: 1 })
    // Whoever writes has read.
    assertOnly([...three, told({ [ann]: at(3, 3) }), ...end()], {})
    const back: Happening = { ...by(bob), f: 'join', type: 'ok', version: 5 }
    assertOnly([...three, back, told({ [bob]: at(3, 3) }), ...end()], {})
  })

  test('is not told of who keeps their reading to themselves, from the answer on', () => {
    const off = [chooses('off', 'invoke'), chooses('off', 'ok')]
    const seen = told({ [bob]: at(2, 2) })
    assertOnly([...three, reads(2), ...off, seen, ...end()], {})
    assertOnly([...three, ...off, reads(2), told({ [bob]: at(2, 0) }), ...end(at(2, 0))], {})
    assertOnly([...three, ...off, reads(2), seen, ...end()], { leaked: 1 })
    assertOnly([...three, ...off, reads(2), ...end(at(2, 2))], { leaked: 1 })
    assertOnly([...three, chooses('off', 'invoke'), reads(2), seen, chooses('off', 'ok'), ...end()], {})
    assertOnly(
      [...three, ...off, reads(2), chooses('on', 'invoke', '_phone'), chooses('on', 'ok', '_phone'), seen, ...end()],
      {},
    )
    // Another device may have said otherwise meanwhile.
    assertOnly([...three, chooses('on', 'invoke', '_phone'), ...off, reads(2), seen, ...end()], {})
  })

  test('is the same on every screen as in the database, where it holds together', () => {
    const screen = (marks: Record<string, Mark> | null): Happening => {
      const ids = rows.map(({ id }) => id)
      return { ...by(ann), f: 'final', status: 'ready', hasOlder: false, ids, pending: [], marks }
    }
    const all = [...three, reads(2)]
    assertOnly([...all, screen({ [bob]: at(3, 2) }), ...end(at(3, 2))], {})
    assertOnly([...all, screen({ [bob]: at(3, 1) }), ...end(at(3, 2))], { late: 1 })
    assertOnly([...all, screen({}), ...end(at(3, 2))], { late: 1 })
    assertOnly([...all, screen(null), ...end(at(3, 2))], { late: 1 })
    assertOnly([...all, ...end(at(1, 2))], { counters: 1 })
    assertOnly([...all, ...end(at(4, 2))], { counters: 1 })
  })
})

describe('mentions', () => {
  const nobody = { users: [], all: false }
  const toBob = '~1.2~ @bob'
  const of = (mentions: Row['mentions'] & {}, said = toBob) => [
    row(1, { mentions: nobody }),
    row(2, { text: said, mentions }),
  ]
  const two = (said: string) => [...says(1), ...says(2, said)]
  const both = { users: [bob], all: false }

  test('are of those whom the text names now', () => {
    assertOnly([...two(toBob), ...ending({ rows: of(both) })], {})
    assertOnly([...two(toBob), ...ending({ rows: of(nobody) })], { counters: 1 })
    assertOnly([...two(text(2)), ...ending({ rows: of(both, text(2)) })], { counters: 1 })
    assertOnly([...two('~1.2~ @all'), ...ending({ rows: of({ users: [], all: true }, '~1.2~ @all') })], {})
    assertOnly([...two('~1.2~ @all'), ...ending({ rows: of(nobody, '~1.2~ @all') })], { counters: 1 })
    // Who came or went may have been away when it was said; nobody is mentioned by themselves.
    const back: Happening = { ...by(bob), f: 'join', type: 'ok', version: 5 }
    assertOnly([...two(toBob), back, ...ending({ rows: of(nobody) })], {})
    assertOnly([...two('~1.2~ @ann'), ...ending({ rows: of(nobody, '~1.2~ @ann') })], {})
  })

  test('are counted on every device from where the reader is', () => {
    const rows = of(both)
    const counted = (user: number, mentions: number[], readSeq = 1) => [
      ...two(toBob),
      list(user, rows, readSeq, mentions),
      ...ending({ rows, readSeq }),
    ]
    assertOnly(counted(bob, [2]), {})
    assertOnly(counted(bob, []), { counters: 1 })
    assertOnly(counted(bob, [1, 2]), { counters: 1 })
    assertOnly(counted(bob, [2], 2), { counters: 1 })
    assertOnly(counted(ann, []), {})
    assertOnly(counted(ann, [2]), { counters: 1 })
  })
})

describe('what is kept for oneself', () => {
  const act = (target: string, value: string): Act => ({ kind: 'own', target, value })
  const wish = (one: Act, device = ''): Happening => ({ ...by(ann, device), room: 0, f: 'act', type: 'invoke', ...one })
  const done = (one: Act, version: number, device = ''): Happening => {
    return { ...by(ann, device), room: 0, f: 'act', type: 'ok', ...one, version }
  }
  const shown = (rows: Record<string, string>, device = ''): Happening => ({ f: 'own', ...by(ann, device), rows })
  const [light, dark] = [act('setting theme', '"light"'), act('setting theme', '"dark"')]
  const both = [wish(light), wish(dark, '_phone'), done(dark, 8, '_phone'), done(light, 7)]
  const end = (name: string, value: string, version: number) => [
    ...says(1),
    ...ending({ kept: { [name]: { value, version } } }),
  ]

  test('is what was acknowledged last, on whichever device, and on all of them', () => {
    const rows = { 'setting theme': '"dark"' }
    assertOnly([...both, shown(rows), shown(rows, '_phone'), ...end('setting theme', '"dark"', 8)], {})
    assertOnly([...both, ...end('setting theme', '"light"', 7)], { lost: 1 })
    const other = shown({ 'setting theme': '"light"' }, '_phone')
    assertOnly([...both, shown(rows), other, ...end('setting theme', '"dark"', 8)], { late: 1 })
    assertOnly([...both, shown({}), ...end('setting theme', '"dark"', 8)], { late: 1 })
    assertOnly([...both, shown({ ...rows, 'section a': 'x' }), ...end('setting theme', '"dark"', 8)], { late: 1 })
  })

  test('counts for sections and favourites, and for what one wants to hear of a room as long as one stays', () => {
    for (const one of [act('section a', 'work'), act('placement 1', 'favourites'), act('level 1', 'nothing')]) {
      const written = [wish(one), done(one, 4)]
      assertOnly([...written, shown({ [one.target]: one.value }), ...end(one.target, one.value, 6)], {})
      assertOnly([...written, ...end(one.target, 'all', 6)], { lost: 1 })
    }
    const back: Happening = { ...by(ann), f: 'join', type: 'ok', version: 2 }
    const level = act('level 1', 'nothing')
    assertOnly([wish(level), done(level, 4), back, ...end(level.target, 'all', 6)], {})
  })
})
