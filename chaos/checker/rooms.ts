import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'
import type { FinalRoom, Ledger } from './ledger.ts'

/** Rooms as lists: numbered without gaps, and every page that was ever read is a run of the final list. */
export function checkRooms(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const offences = [...ledger.rooms.values()].flatMap(checkNumbers)
  const told = new Map<string, Entry>()
  // The database is read after it: what happens meanwhile may be told before that is written down.
  const lastPhase = entries.findLast(({ f }) => f === 'phase')?.i ?? Infinity
  for (const entry of entries) {
    if (entry.f === 'event') offences.push(...checkEvent(entry, told, ledger, lastPhase))
    if (entry.f === 'whole') offences.push(...checkWhole(entry, ledger))
    if (entry.f !== 'read') continue
    if (!ledger.rooms.has(entry.room)) continue
    const run = ledger.run(entry.room, entry.thread)
    const places = entry.ids.map((id) => run.places.get(id))
    const missing = places.indexOf(undefined)
    if (missing >= 0) {
      offences.push({ kind: 'lost', why: `${entry.ids[missing]} was read, and is not in the room`, entries: [entry] })
      continue
    }
    const broken = places.findIndex((place, n) => n > 0 && place !== places[n - 1]! - 1)
    if (broken < 0) continue
    const why = `${entry.ids[broken - 1]} and ${entry.ids[broken]} were read next to each other, and are not`
    offences.push({ kind: 'reordered', why, entries: [entry] })
  }
  return offences
}

/** What REST tells of a whole room is what the database holds. */
function checkWhole(entry: Extract<Entry, { f: 'whole' }>, ledger: Ledger): Offence[] {
  const { rows } = ledger.run(entry.room)
  if (rows.length === entry.ids.length && rows.every(({ id }, n) => id === entry.ids[n])) return []
  const why = `REST tells of ${entry.ids.length} messages of room ${entry.room}, and there are ${rows.length}`
  return [{ kind: 'lost', why, entries: [entry] }]
}

/** One version, one event: whoever hears of it hears the same, and of none that there is not. */
function checkEvent(
  entry: Extract<Entry, { f: 'event' }>,
  told: Map<string, Entry>,
  ledger: Ledger,
  lastPhase: number,
): Offence[] {
  const name = `${entry.room} ${entry.version}`
  const before = told.get(name)
  told.set(name, entry)
  const version = ledger.rooms.get(entry.room)?.entry.version ?? Infinity
  if (entry.version > version && entry.i < lastPhase) {
    return [
      { kind: 'phantom', why: `an event of version ${entry.version}, and there are ${version}`, entries: [entry] },
    ]
  }
  if (!before) return []
  return [{ kind: 'doubled', why: `two events of version ${entry.version}`, entries: [before, entry] }]
}

/** A version is one change; of one change there is at most one message, and a line about it. */
function checkNumbers({ entry, runs }: FinalRoom): Offence[] {
  const offences: Offence[] = []
  const wrong = (why: string) => offences.push({ kind: 'moved', why, entries: [] })
  const versions = new Set<number>()
  for (const row of entry.rows) {
    if (row.version > entry.version || (row.key !== null && versions.has(row.version))) {
      wrong(`version ${row.version} of room ${entry.room} is taken or to come`)
    }
    if (row.key !== null) versions.add(row.version)
  }
  for (const [thread, { rows }] of runs) {
    let seq = 0
    for (const row of rows) {
      if (row.seq === null || row.seq === ++seq) continue
      wrong(`seq ${row.seq} follows ${seq - 1} in room ${entry.room}, thread ${thread}`)
      seq = row.seq
    }
    if (thread === 0 && seq !== entry.lastSeq)
      wrong(`room ${entry.room} counts ${entry.lastSeq} messages and has ${seq}`)
  }
  return offences
}
