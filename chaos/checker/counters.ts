import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'
import type { Ledger } from './ledger.ts'
import { isAsSent } from './sends.ts'

type Of<F extends Entry['f']> = Extract<Entry, { f: F }>

/** When all is quiet, what clients count is what the database holds, and that is what its history makes it. */
export function checkCounters(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const offences: Offence[] = [...checkMembers(ledger), ...checkMarkers(entries, ledger)]
  for (const entry of entries) if (entry.f === 'list') offences.push(...checkList(entry, ledger))
  return offences
}

function checkList(entry: Of<'list'>, ledger: Ledger): Offence[] {
  const differ = (why: string): Offence => ({ kind: 'counters', why: `${entry.proc}: ${why}`, entries: [entry] })
  const offences: Offence[] = []
  for (const shown of entry.rooms) {
    const room = ledger.rooms.get(shown.room)?.entry
    const own = ledger.membership(shown.room, entry.user)
    if (!room) continue
    if (!own?.isMember) {
      offences.push(differ(`lists room ${shown.room} without being a member`))
      continue
    }
    const unread = Math.max(0, room.lastSeq - own.readSeq)
    const { lastSeq, memberCount, about } = room
    const expected = { unread, readSeq: own.readSeq, lastSeq, memberCount, ...(shown.about && about) }
    const told: Record<string, unknown> = { ...shown, ...shown.about }
    for (const [name, value] of Object.entries(expected)) {
      if (told[name] === value) continue
      offences.push(differ(`${name} of room ${shown.room} is ${String(told[name])} instead of ${value}`))
    }
  }
  const listed = new Set(entry.rooms.map(({ room }) => room))
  for (const { room, user, isMember } of ledger.memberships.values()) {
    if (user === entry.user && isMember && !listed.has(room)) offences.push(differ(`does not list room ${room}`))
  }
  const times = entry.rooms.flatMap(({ room }) => ledger.rooms.get(room)?.entry.bumpedAt ?? [])
  if (times.some((time, n) => n > 0 && time > times[n - 1]!)) offences.push(differ('the order of rooms is not by time'))
  return offences
}

function checkMembers(ledger: Ledger): Offence[] {
  const counts = new Map<number, number>()
  for (const { room, isMember } of ledger.memberships.values()) {
    counts.set(room, (counts.get(room) ?? 0) + (isMember ? 1 : 0))
  }
  return [...ledger.rooms.values()].flatMap(({ entry: { room, memberCount } }) => {
    const count = counts.get(room)
    if (count === undefined || count === memberCount) return []
    return [{ kind: 'counters', why: `room ${room} counts ${memberCount} members and has ${count}`, entries: [] }]
  })
}

/** Read positions follow the last write: a marker, or the own message after it. Only where every write is known. */
function checkMarkers(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const marks = new Map<string, Of<'mark'>>()
  const unsure = new Set<string>()
  for (const entry of entries) {
    if (entry.f !== 'mark' && entry.f !== 'join' && entry.f !== 'leave') continue
    const name = `${entry.room} ${entry.user}`
    if (entry.f !== 'mark') {
      if (entry.type !== 'fail' && entry.version !== 0) unsure.add(name)
    } else if (entry.type === 'info') unsure.add(name)
    else if (entry.type === 'ok' && (entry.userVersion ?? 0) > (marks.get(name)?.userVersion ?? -1))
      marks.set(name, entry)
  }
  const newest = newestOwn(ledger)
  return [...marks].flatMap(([name, mark]) => {
    const membership = ledger.memberships.get(name)
    if (!membership?.isMember || unsure.has(name)) return []
    const own = newest.get(name)
    if (own?.version === undefined && own) return []
    const expected = own?.version && own.version > (mark.atVersion ?? 0) ? own.seq : mark.seq
    if (membership.readSeq === expected) return []
    const why = `user ${mark.user} is at ${membership.readSeq} of room ${mark.room} instead of ${expected}`
    return [{ kind: 'counters', why, entries: [mark] }]
  })
}

/** An edited message says by its answer when it was sent; if there was none, nobody knows what it did to the marker. */
function newestOwn(ledger: Ledger): Map<string, { seq: number; version: number | undefined }> {
  const newest = new Map<string, { seq: number; version: number | undefined }>()
  for (const room of ledger.rooms.keys()) {
    for (const { user, seq, key, ...row } of ledger.run(room).rows) {
      if (seq === null) continue
      const send = key === null ? undefined : ledger.sends.get(key)
      const isUnknown = !send?.ok && !isAsSent({ ...row, user, seq, key })
      newest.set(`${room} ${user}`, { seq, version: isUnknown ? undefined : (send?.ok?.version ?? row.version) })
    }
  }
  return newest
}
