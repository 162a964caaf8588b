import { type Entry, type Row, steppedClocks } from '../history.ts'
import { refusedAs } from '../own.ts'
import type { Kind, Offence } from './check.ts'
import type { Later, LaterWish, Ledger, Send } from './ledger.ts'

/**
 * What was written to be sent later: there once, when its time had come, as it was last acknowledged by then; or taken back
 * by then; or still with its author, with a reason that there is.
 */
export function checkLater(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const present = new Set(entries.flatMap((entry) => (entry.f === 'list' ? [entry.proc] : [])))
  const isTimed = !entries.some((entry) => entry.f === 'phase' && entry.name === steppedClocks)
  const fates = [...ledger.sends.values()].flatMap((send) =>
    send.later ? fateOf(send, send.later, ledger, { present, isTimed }) : [],
  )
  return [...entries.flatMap(checkOverdue), ...fates]
}

type How = { present: ReadonlySet<string>; isTimed: boolean }

/** Whatever waits when all has been done is due: nobody writes for a time that far away. */
function checkOverdue(entry: Entry): Offence[] {
  if (entry.f !== 'own rows') return []
  return Object.entries(entry.rows)
    .filter(([name, { value }]) => name.startsWith('scheduled ') && value !== '' && !value.startsWith(refusedAs))
    .map(([name, { value }]) => ({ kind: 'late', why: `${name} was not sent: ${value}`, entries: [] }))
}

function fateOf({ invoke }: Send, later: Later, ledger: Ledger, how: How): Offence[] {
  const rows = ledger.rowsOf(invoke.room, invoke.key)
  const kept = ledger.ownRows.get(invoke.user)
  const value = kept?.[`scheduled ${invoke.key}`]?.value ?? ''
  const known = later.wishes.flatMap(({ asked, ok, fail, info }) => [asked, ok, fail, info].filter(isEntry))
  const of = (kind: Kind, why: string): Offence[] => [{ kind, why, entries: known }]
  const [row] = rows
  if (rows.length > 1) return of('doubled', `${rows.length} messages bear the key of what was to be sent once`)
  if (row) return fateOfSent(row, later, ledger, how, of)
  if (value.startsWith(refusedAs)) {
    if (isRefusable(value.slice(refusedAs.length), invoke, later, ledger)) return []
    return of('lost', `not sent for a reason that there is not: ${value}`)
  }
  // What waits is told as late, of the row.
  if (!kept || value !== '') return []
  const wishes = later.wishes.filter(({ text }) => text !== '')
  if (later.wishes.some((wish) => wish.text === '' && mayHaveBeen(wish))) return []
  if (wishes.some(({ ok }) => ok)) return of('lost', 'acknowledged, and neither sent nor kept')
  if (wishes.some(({ fail }) => fail) || !how.present.has(invoke.proc)) return []
  return of('lost', 'written for later, never refused, and not there')
}

type Of = (kind: Kind, why: string) => Offence[]

function fateOfSent(row: Row, { wishes, thread }: Later, ledger: Ledger, { isTimed }: How, of: Of): Offence[] {
  if (row.thread !== thread) return of('moved', `message ${row.id} is in another thread than it was written for`)
  // What its author made of it afterwards does not say as what it was sent.
  if (row.isDeleted || ledger.isEdited(row.id, row.text)) return []
  const sent = wishes.findLast(({ text }) => text === row.text)
  if (!sent) return of('moved', `message ${row.id} is another text than was written for later`)
  if (!mayHaveBeen(sent)) return of('phantom', `refused, and in the room as ${row.id}`)
  if (!isTimed || row.atMs === undefined) return []
  if (row.atMs < (sent.dueMs ?? 0)) return of('phantom', `message ${row.id} was sent before its time`)
  const overruled = wishes.find((wish) => isLater(wish, sent) && (wish.ok?.atMs ?? Infinity) < row.atMs!)
  if (!overruled) return []
  if (overruled.text === '') return of('phantom', `message ${row.id} was sent after it was taken back`)
  return of('moved', `message ${row.id} was sent as it was before a change that had been acknowledged`)
}

const isEntry = (entry: Entry | undefined): entry is Entry => entry !== undefined
const mayHaveBeen = ({ ok, fail, info }: LaterWish) => ok !== undefined || fail === undefined || info !== undefined

/** The answers' versions say which came last; without them, the one that was wished last. */
function isLater(one: LaterWish, other: LaterWish): boolean {
  const [a, b] = [one.ok?.version, other.ok?.version]
  return a !== undefined && b !== undefined ? a > b : one.asked.i > other.asked.i
}

/** Whether there was something in the way of sending. */
function isRefusable(code: string, { room, user }: Send['invoke'], { wishes, thread }: Later, ledger: Ledger): boolean {
  if (code === 'not_found') return ledger.hasMoved(room, user)
  if (code === 'permission_denied' || code === 'room_archived') return ledger.isRun(room)
  if (code === 'invalid_input') return ledger.rooms.get(room)?.byId.get(thread)?.isDeleted === true
  return code === 'idempotency_key_reused' && wishes.length > 1
}
