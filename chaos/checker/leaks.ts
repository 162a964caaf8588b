import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'
import type { Ledger } from './ledger.ts'

type Receipt = Extract<Entry, { f: 'receive' }>

/** Whether one user may be a member now. Out since the answer to a leave, until the next join is asked for. */
type Standing = {
  isIn: boolean
  /** Joins that were asked for and have no answer. */
  joining: number
  leftVersion: number
  /** The room's, of the last change that is known: answers may come in another order. */
  version: number
  entry: Entry | undefined
}

/**
 * Entitlement: nobody receives of a room what came after their last membership. Members see the whole history, so what
 * is older than the leave is no secret to them.
 */
export function checkLeaks(
  entries: readonly Entry[],
  ledger: Ledger,
  graceMsOf: (entry: Receipt) => number,
): Offence[] {
  const standings = new Map<string, Standing>()
  const offences: Offence[] = []
  for (const entry of entries) {
    if (entry.f === 'join' || entry.f === 'leave') move(standings, entry)
    else if (entry.f === 'door') {
      const standing = standings.get(`${entry.room} ${entry.user}`) ?? outsider
      // Where nobody is known to have left, other answers tell who was let in.
      const left = standing.entry?.f === 'leave' ? standing.entry : undefined
      if (!left || standing.isIn || standing.joining > 0 || left.i >= entry.since) continue
      const why = `${entry.proc} read ${entry.call} after the end of the membership`
      offences.push({ kind: 'leaked', why, entries: [left, entry] })
    } else if (entry.f === 'receive') {
      const standing = standings.get(`${entry.room} ${entry.user}`) ?? outsider
      if (standing.isIn || standing.joining > 0 || isOld(entry.canary, entry.room, standing, ledger)) continue
      if (isOnItsWay(entry, standing, ledger, graceMsOf(entry))) continue
      const key = ledger.keyOfCanary.get(entry.canary)
      const send = key === undefined ? undefined : ledger.sends.get(key)
      // What waits to be sent is its author's, wherever they are.
      if (send?.later && send.invoke.user === entry.user) continue
      const said = send?.invoke ?? ledger.editOfCanary.get(entry.canary)?.invoke
      const known = [said, standing.entry, entry].filter((one) => one !== undefined)
      offences.push({ kind: 'leaked', why: `${entry.proc} received ${entry.canary} and was no member`, entries: known })
    }
  }
  return offences
}

const outsider: Standing = { isIn: false, joining: 0, leftVersion: -1, version: -1, entry: undefined }

function move(standings: Map<string, Standing>, entry: Extract<Entry, { f: 'join' | 'leave' }>): void {
  const name = `${entry.room} ${entry.user}`
  const before = standings.get(name) ?? outsider
  const version = entry.version ?? -1
  const isOvertaken = entry.type === 'ok' && version < before.version
  if (entry.f === 'leave') {
    if (entry.type !== 'ok' || isOvertaken) return
    standings.set(name, { ...before, isIn: false, leftVersion: version, version, entry })
  } else if (entry.type === 'invoke') standings.set(name, { ...before, joining: before.joining + 1 })
  else {
    const joining = Math.max(0, before.joining - 1)
    const isIn = { isIn: true, version: Math.max(before.version, version), entry }
    standings.set(name, { ...before, joining, ...(entry.type !== 'fail' && !isOvertaken && isIn) })
  }
}

/** Messages of small rooms are not: they go to each member by name. What is typed and what large rooms hear go to who listens. */
function isOnItsWay(entry: Receipt, standing: Standing, ledger: Ledger, graceMs: number): boolean {
  const isByChannel = ledger.rooms.get(entry.room)?.entry.isLarge || !ledger.canaryAt(entry.canary, entry.room)
  return isByChannel && standing.entry !== undefined && entry.t_ns - standing.entry.t_ns < graceMs * 1e6
}

function isOld(canary: string, room: number, { leftVersion, entry }: Standing, ledger: Ledger): boolean {
  const known = ledger.canaryAt(canary, room)
  if (known?.version !== undefined) return known.version <= leftVersion
  // A name or a topic whose answer nobody heard: it may have been given before.
  const named = ledger.editOfCanary.get(canary)
  return named?.message === 0 && entry !== undefined && named.invoke.i < entry.i
}
