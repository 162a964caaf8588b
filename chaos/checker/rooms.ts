import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'
import type { FinalRoom, Ledger } from './ledger.ts'

/** Rooms as lists: numbered without gaps, and every page that was ever read is a run of the final list. */
export function checkRooms(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const offences = [...ledger.rooms.values()].flatMap(checkNumbers)
  for (const entry of entries) {
    if (entry.f === 'whole') offences.push(...checkWhole(entry, ledger))
    if (entry.f !== 'read') continue
    const room = ledger.rooms.get(entry.room)
    if (!room) continue
    const places = entry.ids.map((id) => room.places.get(id))
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
  const rows = ledger.rooms.get(entry.room)?.entry.rows ?? []
  if (rows.length === entry.ids.length && rows.every(({ id }, n) => id === entry.ids[n])) return []
  const why = `REST tells of ${entry.ids.length} messages of room ${entry.room}, and there are ${rows.length}`
  return [{ kind: 'lost', why, entries: [entry] }]
}

function checkNumbers({ entry }: FinalRoom): Offence[] {
  const offences: Offence[] = []
  const versions = new Set<number>()
  let seq = 0
  for (const row of entry.rows) {
    if (row.seq !== null && row.seq !== ++seq) {
      offences.push({ kind: 'moved', why: `seq ${row.seq} follows ${seq - 1} in room ${entry.room}`, entries: [] })
      seq = row.seq
    }
    if (versions.has(row.version) || row.version > entry.version) {
      offences.push({
        kind: 'moved',
        why: `version ${row.version} of room ${entry.room} is taken or to come`,
        entries: [],
      })
    }
    versions.add(row.version)
  }
  if (seq !== entry.lastSeq) {
    offences.push({
      kind: 'moved',
      why: `room ${entry.room} counts ${entry.lastSeq} messages and has ${seq}`,
      entries: [],
    })
  }
  return offences
}
