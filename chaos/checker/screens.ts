import type { Entry, Row, Shown } from '../history.ts'
import type { Offence } from './check.ts'
import type { Ledger } from './ledger.ts'

type Of<F extends Entry['f']> = Extract<Entry, { f: F }>

/** One client's view of one room, folded from its changes. */
type Screen = {
  rows: Shown[]
  ids: Set<number>
  keys: Set<string>
  isReady: boolean
  last: Entry | undefined
  pending: Map<string, { state: string; entry: Entry }>
}

/** Nothing twice, nothing out of order, nothing that goes again; and at the end the same as in the database. */
export function checkScreens(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const screens = new Map<string, Screen>()
  const offences: Offence[] = []
  const acknowledged = new Map<string, Entry>()
  for (const entry of entries) {
    if (entry.f === 'send' && entry.type === 'ok') acknowledged.set(`${entry.proc} ${entry.key}`, entry)
    if (entry.f === 'show') offences.push(...show(screenOf(screens, entry), entry, ledger))
    if (entry.f === 'pending') offences.push(...wait(screenOf(screens, entry), entry, acknowledged, ledger))
    if (entry.f === 'final') offences.push(...checkFinal(entry, ledger))
  }
  return offences
}

type Place = { proc: string; room: number; thread?: number }

function screenOf(screens: Map<string, Screen>, { proc, room, thread = 0 }: Place): Screen {
  const name = `${proc} ${room} ${thread}`
  const known = screens.get(name)
  if (known) return known
  const screen: Screen = {
    rows: [],
    ids: new Set(),
    keys: new Set(),
    isReady: false,
    last: undefined,
    pending: new Map(),
  }
  screens.set(name, screen)
  return screen
}

function show(screen: Screen, entry: Of<'show'>, ledger: Ledger): Offence[] {
  const offences: Offence[] = []
  const wasReady = screen.isReady
  const removed = screen.rows.splice(entry.at, entry.remove, ...entry.add)
  for (const { id, key } of removed) {
    screen.ids.delete(id)
    if (key !== null) screen.keys.delete(key)
  }
  for (const row of entry.add) {
    if (screen.ids.has(row.id)) offences.push(of('doubled', `message ${row.id} is on the screen twice`, screen, entry))
    screen.ids.add(row.id)
    if (row.key !== null) screen.keys.add(row.key)
  }
  screen.isReady = entry.status === 'ready'
  // A room that was left, or is read anew, is blank for a moment: that is no message that went.
  if (wasReady && screen.isReady && screen.rows.length > 0) offences.push(...findVanished(screen, removed, entry))
  if (ledger.rooms.has(entry.room)) offences.push(...checkAdded(screen, entry, ledger))
  screen.last = entry
  return offences
}

/** The oldest may be let go of; any other message stays. */
function findVanished(screen: Screen, removed: readonly Shown[], entry: Of<'show'>): Offence[] {
  const low = screen.rows[0]!.id
  return removed
    .filter(({ id }) => id >= low && !screen.ids.has(id))
    .map(({ id }) => of('vanished', `message ${id} went from the screen`, screen, entry))
}

function checkAdded(screen: Screen, entry: Of<'show'>, ledger: Ledger): Offence[] {
  const offences: Offence[] = []
  const run = ledger.run(entry.room, entry.thread)
  for (let n = entry.at; n < entry.at + entry.add.length; n++) {
    const row = screen.rows[n]!
    const place = run.places.get(row.id)
    if (place === undefined) {
      offences.push(of('phantom', `message ${row.id} was shown, and is not in the room`, screen, entry))
      continue
    }
    if (!isText(row, entry, run.rows[place]!, ledger)) {
      offences.push(of('moved', `message ${row.id} was shown with another text`, screen, entry))
    }
    const before = screen.rows[n - 1]
    if (before && (run.places.get(before.id) ?? -1) > place) {
      offences.push(of('reordered', `message ${row.id} was shown after ${before.id}`, screen, entry))
    }
  }
  const [last, next] = [screen.rows[entry.at + entry.add.length - 1], screen.rows[entry.at + entry.add.length]]
  if (entry.add.length > 0 && last && next && (run.places.get(last.id) ?? 0) > (run.places.get(next.id) ?? Infinity)) {
    offences.push(of('reordered', `message ${last.id} was shown before ${next.id}`, screen, entry))
  }
  return offences
}

/** What was written, or what its author, or who removed it, had made of it by then. */
function isText({ id, key, text }: Shown, entry: Entry, row: Row, ledger: Ledger): boolean {
  const written = key === null ? row.text : ledger.sends.get(key)?.invoke.text
  if (key !== null && ledger.sends.get(key)?.later?.wishes.some((wish) => wish.text === text)) return true
  return text === written || ledger.mayHaveSaid(id, text, entry)
}

function wait(screen: Screen, entry: Of<'pending'>, acknowledged: Map<string, Entry>, ledger: Ledger): Offence[] {
  const offences: Offence[] = []
  const now = new Map(entry.keys.map(({ key, state }) => [key, { state, entry }]))
  for (const [key, before] of screen.pending) {
    const isShown = screen.keys.has(key) || !screen.isReady
    // What was refused may be discarded.
    if (now.has(key) || isShown || before.state === 'failed' || isBelow(screen, entry.room, key, ledger)) continue
    offences.push({
      kind: 'vanished',
      why: `what waited is neither sent nor shown: ${key}`,
      entries: [before.entry, entry],
    })
  }
  for (const [key, { state }] of now) {
    const ok = acknowledged.get(`${entry.proc} ${key}`)
    if (state === 'failed' && ok && screen.pending.get(key)?.state !== 'failed') {
      offences.push({ kind: 'phantom', why: `acknowledged, and shown as refused: ${key}`, entries: [ok, entry] })
    }
  }
  screen.pending = now
  return offences
}

/** So many came after it that the screen let go of it. */
function isBelow(screen: Screen, room: number, key: string, ledger: Ledger): boolean {
  const [row] = ledger.rowsOf(room, key)
  const low = screen.rows[0]?.id
  return row !== undefined && low !== undefined && row.id < low
}

function checkFinal(entry: Of<'final'>, ledger: Ledger): Offence[] {
  const room = ledger.rooms.get(entry.room)
  if (!room) return []
  const isMember = ledger.membership(entry.room, entry.user)?.isMember ?? false
  if (!isMember)
    return entry.status === 'gone' ? [] : [late(`no member any more, and the room is ${entry.status}`, entry)]
  if (entry.status !== 'ready') return [late(`a member, and the room is ${entry.status}`, entry)]
  const run = ledger.run(entry.room, entry.thread)
  const from = entry.hasOlder ? run.places.get(entry.ids[0] ?? -1) : 0
  if (from === undefined) return [late('shows nothing that is in the room', entry)]
  const offences: Offence[] = []
  const shown = new Map(entry.ids.map((id, n) => [id, entry.views?.[n]]))
  const expected = run.rows.slice(from)
  for (const row of expected) {
    const send = row.key === null ? undefined : ledger.sends.get(row.key)
    const view = shown.get(row.id)
    if (!shown.has(row.id)) offences.push(late(`message ${row.id} is missing`, entry, send?.ok ?? send?.invoke))
    else if (view && (view.text !== row.text || view.state !== row.state)) {
      const [is, should] = [view, row].map(({ text, state }) => `"${text}" (${state})`)
      offences.push(late(`message ${row.id} is shown as ${is} instead of ${should}`, entry, send?.invoke))
    }
  }
  for (const [user, role] of Object.entries(entry.roles ?? {})) {
    const member = ledger.membership(entry.room, Number(user))
    const now = member?.isMember ? member.role : undefined
    if (now !== role) offences.push(late(`user ${user} is shown as ${role} instead of ${now}`, entry))
  }
  for (const { key, state } of entry.pending) {
    if (state === 'failed' && !ledger.sends.get(key)?.ok) continue
    offences.push(late(`still shown as ${state}: ${key}`, entry, ledger.sends.get(key)?.ok))
  }
  const isInOrder = entry.ids.every((id, n) => id === expected[n]?.id)
  if (offences.length === 0 && !isInOrder)
    offences.push({ kind: 'reordered', why: 'the final list differs', entries: [entry] })
  return offences
}

function late(why: string, entry: Entry, about?: Entry): Offence {
  return { kind: 'late', why, entries: about ? [about, entry] : [entry] }
}

function of(kind: Offence['kind'], why: string, { last }: Screen, entry: Entry): Offence {
  return { kind, why, entries: last ? [last, entry] : [entry] }
}
