import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'
import type { Ledger } from './ledger.ts'

/** Whether one user may be a member now. Out since the answer to a leave, until the next join is asked for. */
type Standing = { isIn: boolean; leftVersion: number; entry: Entry | undefined }

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
      if (standing.entry && entry.t_ns - standing.entry.t_ns < graceMs * 1e6) continue
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
  if (entry.f === 'join' && entry.type !== 'fail') {
    standings.set(name, { isIn: true, leftVersion: -1, entry })
  } else if (entry.f === 'leave' && entry.type === 'ok') {
    standings.set(name, { isIn: false, leftVersion: entry.version ?? -1, entry })
  }
}

function isOld(canary: string, room: number, { leftVersion }: Standing, ledger: Ledger): boolean {
  const key = ledger.keyOfCanary.get(canary)
  const [row] = key === undefined ? [] : ledger.rowsOf(room, key)
  return row !== undefined && row.version <= leftVersion
}
