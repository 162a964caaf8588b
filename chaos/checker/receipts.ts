import type { Entry, Mark } from '../history.ts'
import type { Kind, Offence } from './check.ts'
import type { Ledger } from './ledger.ts'

type Of<F extends Entry['f']> = Extract<Entry, { f: F }>

/** What one person has let others know. */
type Reader = {
  /** Up to where they have asked to have read, by room; and up to where they had when they last chose to keep that to themselves. */
  read: Map<number, number>
  told: Map<number, number>
  isPrivate: boolean
  chosen: Entry | undefined
  /** Devices that have asked for their reading to be told, and have no answer. */
  opening: Set<string>
}

/**
 * How far messages got, as everybody is told: it does not go back as long as somebody stays, it is not ahead of what was said, nobody
 * has read what they did not ask to have read, and nothing new is told of who keeps it to themselves.
 */
export function checkReceipts(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const readers = new Map<number, Reader>()
  const known = new Map<string, { mark: Mark; entry: Entry }>()
  const readerOf = (user: number) => readers.get(user) ?? add(readers, user)
  // What a real page asks for is not written down.
  for (const entry of entries) if (entry.f === 'page') read(readerOf(entry.user), entry.room, Infinity)
  return entries.flatMap((entry): Offence[] => {
    if (entry.f === 'mark' && entry.type === 'invoke') read(readerOf(entry.user), entry.room, entry.seq)
    else if ((entry.f === 'send' || entry.f === 'later') && entry.type === 'invoke') {
      const [row] = ledger.rowsOf(entry.room, entry.key)
      if (row?.thread === 0) read(readerOf(entry.user), entry.room, row.seq ?? 0)
    } else if (entry.f === 'act' && entry.kind === 'own' && entry.target === 'setting read_receipts') {
      choose(readerOf(entry.user), entry)
    } else if (entry.f === 'marks') {
      return Object.entries(entry.marks).flatMap(([user, mark]) => [
        ...checkTold(Number(user), mark, entry, ledger, readerOf(Number(user))),
        ...checkBack(Number(user), mark, entry, known),
      ])
    } else if (entry.f === 'membership' && entry.mark && entry.isMember) {
      return [
        ...checkKept(entry, entry.mark, ledger),
        ...checkSeen(entry.user, entry.mark, entry, ledger, readerOf(entry.user)),
      ]
    } else if (entry.f === 'final') return checkFinal(entry, ledger)
    return []
  })
}

function add(readers: Map<number, Reader>, user: number): Reader {
  const reader = { read: new Map(), told: new Map(), isPrivate: false, chosen: undefined, opening: new Set<string>() }
  readers.set(user, reader)
  return reader
}

function read({ read }: Reader, room: number, seq: number): void {
  read.set(room, Math.max(seq, read.get(room) ?? 0))
}

/** From the answer on they may count on it; and not any more as soon as one of their devices may have said otherwise. */
function choose(reader: Reader, entry: Of<'act'>): void {
  if (entry.value !== '"off"') {
    if (entry.type === 'invoke') reader.opening.add(entry.proc)
    else if (entry.type !== 'info') reader.opening.delete(entry.proc)
    if (entry.type !== 'fail') reader.isPrivate = false
    return
  }
  // Those of one device are done in their order.
  if (entry.type === 'invoke') reader.opening.delete(entry.proc)
  if (entry.type !== 'ok' || reader.opening.size > 0 || reader.isPrivate) return
  reader.isPrivate = true
  reader.told = new Map(reader.read)
  reader.chosen = entry
}

/** Ahead of the room is what was told before it was written. */
function checkTold(user: number, mark: Mark, entry: Of<'marks'>, ledger: Ledger, reader: Reader): Offence[] {
  const furthest = Math.max(mark.delivered, mark.seen)
  const row = ledger.said(entry.room, furthest)
  const send = row?.key ? ledger.sends.get(row.key) : undefined
  if (furthest > 0 && ledger.rooms.has(entry.room) && (!row || (send && send.invoke.i > entry.i))) {
    return [of('phantom', `room ${entry.room} had come to ${furthest} with user ${user} before that was said`, entry)]
  }
  return checkSeen(user, mark, entry, ledger, reader)
}

/** Who has come and gone begins at the end of the room, wherever that was. */
function checkSeen(
  user: number,
  { seen }: Mark,
  entry: Entry & { room: number },
  ledger: Ledger,
  reader: Reader,
): Offence[] {
  const { isPrivate, chosen, told, read } = reader
  const may = (isPrivate ? told : read).get(entry.room) ?? 0
  if (seen <= may || ledger.hasMoved(entry.room, user)) return []
  const kind: Kind = isPrivate ? 'leaked' : 'phantom'
  return [
    of(
      kind,
      `user ${user} is told to have read room ${entry.room} up to ${seen}, and let others know ${may}`,
      chosen,
      entry,
    ),
  ]
}

function checkBack(user: number, mark: Mark, entry: Of<'marks'>, known: Map<string, { mark: Mark; entry: Entry }>) {
  const name = `${entry.proc} ${entry.room} ${user}`
  const before = known.get(name)
  known.set(name, { mark, entry })
  if (!before || before.mark.since !== mark.since) return []
  if (before.mark.seen <= mark.seen && before.mark.delivered <= mark.delivered) return []
  const said = ({ delivered, seen }: Mark) => `${delivered} delivered and ${seen} seen`
  return [of('vanished', `user ${user} went from ${said(before.mark)} back to ${said(mark)}`, before.entry, entry)]
}

/** What was read has come, and what has come was said. */
function checkKept(entry: Of<'membership'>, { delivered, seen }: Mark, ledger: Ledger): Offence[] {
  const lastSeq = ledger.rooms.get(entry.room)?.entry.lastSeq ?? Infinity
  if (seen <= delivered && delivered <= lastSeq) return []
  const why = `user ${entry.user} has seen ${seen} and has ${delivered} of the ${lastSeq} messages of room ${entry.room}`
  return [of('counters', why, entry)]
}

function checkFinal(entry: Of<'final'>, ledger: Ledger): Offence[] {
  const { room, user, status, marks } = entry
  if (marks === undefined || status !== 'ready' || !ledger.membership(room, user)?.isMember) return []
  if (marks === null) return [of('late', `does not know how far room ${room} has got with its members`, entry)]
  return [...ledger.memberships.values()].flatMap(({ isMember, mark, ...membership }) => {
    const shown = marks[membership.user]
    if (membership.room !== room || !isMember || !mark) return []
    if (shown?.delivered === mark.delivered && shown.seen === mark.seen) return []
    const [is, should] = [shown, mark].map((one) => one && `${one.delivered} and ${one.seen}`)
    return [of('late', `user ${membership.user} is shown as at ${is} of room ${room} instead of ${should}`, entry)]
  })
}

function of(kind: Kind, why: string, ...entries: (Entry | undefined)[]): Offence {
  return { kind, why, entries: entries.filter((entry) => entry !== undefined) }
}
