import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'
import type { Ledger } from './ledger.ts'

/** Whether one user may be a member now. Out since the answer to a leave, until the next join is asked for. */
type Standing = { isIn: boolean; leftVersion: number; entry: Entry | undefined; before?: Standing }

/**
 * Entitlement: nobody receives of a room what came after their last membership. Members see the whole history, so what
 * is older than the leave is no secret to them.
 */
export function checkLeaks(entries: readonly Entry[], ledger: Ledger, graceMs: number): Offence[] {
  const standings = new Map<string, Standing>()
  const offences: Offence[] = []
  for (const entry of entries) {
    if (entry.f === 'join' || entry.f === 'leave') move(standings, entry)
    else if (entry.f === 'receive') {
      const standing = standings.get(`${entry.room} ${entry.user}`) ?? outsider
      if (standing.isIn || isOld(entry.canary, entry.room, standing, ledger)) continue
      if (isOnItsWay(entry, standing, ledger, graceMs)) continue
      const key = ledger.keyOfCanary.get(entry.canary)
      const send = key === undefined ? undefined : ledger.sends.get(key)
      const known = [send?.invoke, standing.entry, entry].filter((one) => one !== undefined)
      offences.push({ kind: 'leaked', why: `${entry.proc} received ${entry.canary} and was no member`, entries: known })
    }
  }
  return offences
}

const outsider: Standing = { isIn: false, leftVersion: -1, entry: undefined }

function move(standings: Map<string, Standing>, entry: Extract<Entry, { f: 'join' | 'leave' }>): void {
  const name = `${entry.room} ${entry.user}`
  const before = standings.get(name) ?? outsider
  if (entry.f === 'join' && entry.type === 'fail') {
    standings.set(name, before.before ?? before)
  } else if (entry.f === 'join') {
    const isAsked = entry.type === 'invoke'
    standings.set(name, { isIn: true, leftVersion: -1, entry, ...(isAsked && { before: before.before ?? before }) })
  } else if (entry.f === 'leave' && entry.type === 'ok') {
    standings.set(name, { isIn: false, leftVersion: entry.version ?? -1, entry })
  }
}

/** Messages of small rooms are not: they go to each member by name. What is typed and what large rooms hear go to who listens. */
function isOnItsWay(
  entry: Extract<Entry, { f: 'receive' }>,
  standing: Standing,
  ledger: Ledger,
  graceMs: number,
): boolean {
  const isByChannel = ledger.rooms.get(entry.room)?.entry.isLarge || !ledger.keyOfCanary.has(entry.canary)
  return isByChannel && standing.entry !== undefined && entry.t_ns - standing.entry.t_ns < graceMs * 1e6
}

function isOld(canary: string, room: number, { leftVersion }: Standing, ledger: Ledger): boolean {
  const key = ledger.keyOfCanary.get(canary)
  const [row] = key === undefined ? [] : ledger.rowsOf(room, key)
  return row !== undefined && row.version <= leftVersion
}
