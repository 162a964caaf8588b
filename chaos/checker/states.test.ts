import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Act, Entry, Happening } from '../history.ts'
import { type Kind, check } from './check.ts'

const [ann, bob] = [1, 2]
const by = (user: number) => ({ proc: `p${user}`, user, room: 1 })
const edit = (value: string): Act => ({ kind: 'edit', target: '101', value })
const removal: Act = { kind: 'remove', target: '101', value: 'gone' }
const reaction = (value: string): Act => ({ kind: 'react', target: '101 👍', value })
const pin = (value: string): Act => ({ kind: 'pin', target: '101', value })
const draft = (value: string): Act => ({ kind: 'own', target: 'draft 1', value })

const wish = (act: Act, user = ann): Happening => ({ ...by(user), f: 'act', type: 'invoke', ...act })
const done = (act: Act, version: number, user = ann): Happening =>
  ({ ...wish(act, user), type: 'ok', version }) as Happening
const cut = (act: Act, user = ann): Happening => ({ ...wish(act, user), type: 'info' }) as Happening
const refused = (act: Act, user = ann): Happening => ({ ...wish(act, user), type: 'fail' }) as Happening

const text = '~1.one~ one'
const sent: Happening[] = [
  ...[ann, bob].map((user): Happening => ({ ...by(user), f: 'join', type: 'ok', version: 0 })),
  { ...by(ann), f: 'send', type: 'invoke', key: 'key', text },
  { ...by(ann), f: 'send', type: 'ok', key: 'key', id: 101, seq: 1, version: 3 },
]

type Message = { text?: string; version?: number; isDeleted?: boolean; state?: string }
type States = Extract<Happening, { f: 'room' }>['states'] & {}

function ending(message: Message = {}, states: States = {}, kept: Extract<Happening, { f: 'own rows' }>['rows'] = {}) {
  const row = { id: 101, thread: 0, seq: 1, version: 3, user: ann, key: 'key', text, isDeleted: false, state: '' }
  const room: Happening = {
    f: 'room',
    room: 1,
    isLarge: false,
    version: 20,
    lastSeq: 1,
    memberCount: 2,
    bumpedAt: '2026',
    rows: [{ ...row, ...message }],
    about: { name: 'room', topic: '', posting: 'all', isArchived: false },
    states,
  }
  const members = [ann, bob].map((user): Happening => ({ f: 'membership', room: 1, user, isMember: true, readSeq: 1 }))
  const lists = [ann, bob].map((user): Happening => {
    return { f: 'list', ...by(user), rooms: [{ room: 1, unread: 0, readSeq: 1, lastSeq: 1, memberCount: 2 }] }
  })
  return [room, ...members, { f: 'own rows', user: ann, rows: kept } as const, ...lists]
}

/** Exactly these kinds of offences, each so often. */
function assertOnly(happenings: Happening[], expected: Partial<Record<Kind, number>>) {
  const entries: Entry[] = [...sent, ...happenings].map((happening, i) => ({ i, t_ns: i * 1e6, ...happening }))
  const { counts, offences } = check(entries)
  const found = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  assert.deepEqual(found, expected, JSON.stringify(offences, null, 1))
}

test('the last acknowledged edit stands; another text is lost', () => {
  const edits = [wish(edit('a')), done(edit('a'), 5), wish(edit('b')), done(edit('b'), 7)]
  assertOnly([...edits, ...ending({ text: 'b', version: 7 })], {})
  assertOnly([...edits, ...ending({ text: 'a', version: 5 })], { lost: 1 })
  assertOnly([...edits, ...ending({ text: 'a', version: 7 })], { lost: 1 })
  assertOnly([...edits, ...ending({ text: 'c', version: 9 })], { lost: 1, moved: 1 })
})

test('an edit without an answer may stand or not, until its author is heard of again', () => {
  const edits = [wish(edit('a')), done(edit('a'), 5), wish(edit('b')), cut(edit('b'))]
  assertOnly([...edits, ...ending({ text: 'b', version: 7 })], {})
  assertOnly([...edits, ...ending({ text: 'a', version: 5 })], { lost: 1 })
  assertOnly([...edits, refused(edit('b')), ...ending({ text: 'a', version: 5 })], {})
  assertOnly([...edits, refused(edit('b')), ...ending({ text: 'b', version: 7 })], {})
})

test('an edit that was replaced before it was sent need not stand', () => {
  const edits = [wish(edit('a')), wish(edit('b')), done(edit('b'), 5)]
  assertOnly([...edits, ...ending({ text: 'b', version: 5 })], {})
})

test('what was asked for after an answer, and answered as older, is reordered', () => {
  const edits = [wish(edit('a')), done(edit('a'), 7), wish(edit('b')), done(edit('b'), 5)]
  assertOnly([...edits, ...ending({ text: 'a', version: 7 })], { reordered: 1 })
})

test('a message goes if that was acknowledged, and takes what hangs on it along', () => {
  const gone = { text: '', version: 9, isDeleted: true }
  const acts = [wish(reaction('on')), done(reaction('on'), 4), wish(removal), done(removal, 9)]
  assertOnly([...acts, ...ending(gone)], {})
  assertOnly([...acts, ...ending()], { lost: 2 })
  assertOnly(ending(gone), { moved: 1 })
})

test('a reaction is as its owner wished last, whatever others do', () => {
  const on = { 'react 101 👍 1': { value: 'on' } }
  const twice = [wish(reaction('on')), cut(reaction('on')), done(reaction('on'), 4)]
  assertOnly([...twice, wish(reaction('off'), bob), done(reaction('off'), 5, bob), ...ending({}, on)], {})
  assertOnly([...twice, ...ending()], { lost: 1 })
  assertOnly([...twice, wish(reaction('off')), done(reaction('off'), 6), ...ending({}, on)], { lost: 1 })
})

test('of two who pin, the version says who came last', () => {
  const acts = [wish(pin('on')), wish(pin('off'), bob), done(pin('off'), 6, bob), done(pin('on'), 5)]
  assertOnly([...acts, ...ending({}, { 'pin 101': { value: 'off', version: 6 } })], {})
  assertOnly([...acts, ...ending({}, { 'pin 101': { value: 'on', version: 5 } })], { lost: 1 })
})

test('what is kept for oneself is the same everywhere, and as it was written last', () => {
  const written = [wish(draft('hello')), done(draft('hello'), 4)]
  const kept = { 'draft 1': { value: 'hello', version: 4 } }
  const shown = (value: string): Happening => ({ f: 'own', proc: 'p1', user: ann, rows: { 'draft 1': value } })
  const inOwnRoom = (happenings: Happening[]) =>
    happenings.map((one) => ('room' in one && one.f === 'act' ? { ...one, room: 0 } : one))
  assertOnly([...inOwnRoom(written), shown('hello'), ...ending({}, {}, kept)], {})
  assertOnly([...inOwnRoom(written), shown('hell'), ...ending({}, {}, kept)], { late: 1 })
  assertOnly([...inOwnRoom(written), ...ending()], { lost: 1 })
})

test('a screen shows the texts that were wished, and at the end what is there', () => {
  const show = (said: string): Happening => {
    return { ...by(bob), f: 'show', status: 'ready', at: 0, remove: 0, add: [{ id: 101, key: 'key', text: said }] }
  }
  const final = (said: string, state = ''): Happening => ({
    ...by(bob),
    f: 'final',
    status: 'ready',
    hasOlder: false,
    ids: [101],
    pending: [],
    views: [{ text: said, state }],
  })
  const edits = [wish(edit('a')), done(edit('a'), 5)]
  const edited = ending({ text: 'a', version: 5, state: 'edited' })
  assertOnly([...edits, show('a'), final('a', 'edited'), ...edited], {})
  assertOnly([show('a'), ...edits, ...edited], { moved: 1 })
  assertOnly([...edits, final(text), ...edited], { late: 1 })
  assertOnly([...edits, final('a'), ...edited], { late: 1 })
})

test('who was put out reads nothing from the answer on; what was asked for before may still come', () => {
  const left: Happening = { ...by(bob), f: 'leave', type: 'ok', version: 4 }
  const read = (since: number): Happening => ({ ...by(bob), f: 'door', since, call: '/api/rooms/1/messages/' })
  assertOnly([left, read(sent.length), ...ending()], {})
  assertOnly([left, read(sent.length + 1), ...ending()], { leaked: 1 })
  const back: Happening = { ...by(bob), f: 'join', type: 'invoke' }
  assertOnly([left, back, read(sent.length + 2), ...ending()], {})
})

test('who was put out may hear of names given before, not of those given after', () => {
  const name = (value: string): Act => ({ kind: 'room', target: 'topic', value })
  const left: Happening = { ...by(bob), f: 'leave', type: 'ok', version: 6 }
  const receives = (canary: string): Happening => ({ ...by(bob), f: 'receive', canary })
  const [old, fresh] = [name('~1.old~'), name('~1.fresh~')]
  const end = (topic: string) =>
    ending().map((one) => (one.f === 'room' && one.about ? { ...one, about: { ...one.about, topic } } : one))
  const both = [wish(old), done(old, 5), left, wish(fresh), done(fresh, 8)]
  assertOnly([...both, receives('~1.old~'), ...end('~1.fresh~')], {})
  assertOnly([...both, receives('~1.fresh~'), ...end('~1.fresh~')], { leaked: 1 })
  assertOnly([wish(old), left, cut(old), receives('~1.old~'), ...end('~1.old~')], {})
})

test('one version is one event, and there is none of a version to come', () => {
  const event = (version: number, said: string): Happening => ({ ...by(bob), f: 'event', version, text: said })
  assertOnly([event(3, 'a'), event(4, 'b'), ...ending()], {})
  assertOnly([event(3, 'a'), event(3, 'b'), ...ending()], { doubled: 1 })
  assertOnly([event(21, 'a'), ...ending()], { phantom: 1 })
})
