import type { Entry, Row } from '../history.ts'
import type { Offence } from './check.ts'
import type { Ledger, Send } from './ledger.ts'

/** What became of every message: there once, as answered, in the order of what happened; or refused and not there. */
export function checkSends(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const fates = [...ledger.sends.values()].flatMap((send) => fateOf(send, ledger))
  return [...fates, ...checkOrder(entries, ledger), ...checkAuthors(ledger)]
}

function fateOf(send: Send, ledger: Ledger): Offence[] {
  // checker/later.ts
  if (send.later) return []
  const { invoke, ok, fail, info } = send
  const rows = ledger.rowsOf(invoke.room, invoke.key)
  const known = [invoke, ok, fail, info].filter((entry) => entry !== undefined)
  if (rows.length > 1) return [offence('doubled', `${rows.length} messages bear the key`, known)]
  const [row] = rows
  if (!row) {
    if (ok) return [offence('lost', `acknowledged as ${ok.id}, and not in the room`, known)]
    if (!fail) return [offence('lost', 'written, not refused, and not in the room after everything was retried', known)]
    return []
  }
  if (fail && !ok && !info) return [offence('phantom', `refused, and in the room as ${row.id}`, known)]
  const isChanged = ledger.isEdited(row.id, row.text)
  const isSameVersion = ok && (isChanged ? row.version >= ok.version : row.version === ok.version)
  if (ok && (row.id !== ok.id || row.seq !== ok.seq || !isSameVersion)) {
    return [offence('moved', `answered as ${place(ok)}, and in the room as ${place(row)}`, known)]
  }
  if (row.thread !== (invoke.thread ?? 0)) return [offence('moved', 'in another thread than it was written in', known)]
  if (row.text !== invoke.text && !isChanged) return [offence('moved', 'another text than was written', known)]
  return []
}

/** What was acknowledged before another was written stands before it. */
function checkOrder(entries: readonly Entry[], ledger: Ledger): Offence[] {
  const highest = new Map<string, Entry & { seq: number }>()
  const floors = new Map<string, Entry & { seq: number }>()
  const offences: Offence[] = []
  for (const entry of entries) {
    if (entry.f !== 'send') continue
    const timeline = `${entry.room} ${ledger.sends.get(entry.key)?.invoke.thread ?? 0}`
    if (entry.type === 'invoke') {
      const before = highest.get(timeline)
      if (before) floors.set(entry.key, before)
    } else if (entry.type === 'ok' && entry.seq > (highest.get(timeline)?.seq ?? 0)) highest.set(timeline, entry)
  }
  for (const [key, before] of floors) {
    const { invoke } = ledger.sends.get(key)!
    const [row] = ledger.rowsOf(invoke.room, key)
    if (row && row.seq !== null && row.seq <= before.seq) {
      offences.push(
        offence('reordered', `written after ${before.seq} was acknowledged, and stands at ${row.seq}`, [
          before,
          invoke,
        ]),
      )
    }
  }
  return offences
}

/** Everything in a room was written by its author, while they were in it. Rows without a key are system lines. */
function checkAuthors(ledger: Ledger): Offence[] {
  return [...ledger.rooms.values()].flatMap(({ entry }) =>
    entry.rows.flatMap((row) => {
      if (row.key === null) return []
      const send = ledger.sends.get(row.key)
      const isTheirs = send && send.invoke.user === row.user && send.invoke.room === entry.room
      if (!isTheirs) return [offence('phantom', `nobody wrote ${row.id}: ${row.text}`, send ? [send.invoke] : [])]
      const version = send.ok?.version ?? (isAsSent(row) ? row.version : undefined)
      const away = ledger
        .absences(entry.room, row.user)
        .find(({ from, to }) => version && from < version && version < to)
      if (!away) return []
      return [offence('phantom', `${row.id} was said after its author had left at version ${away.from}`, [send.invoke])]
    }),
  )
}

/** Its version is that of its sending. */
export function isAsSent({ isDeleted, state }: Row): boolean {
  return !isDeleted && !state.split('; ').includes('edited')
}

function offence(kind: Offence['kind'], why: string, entries: Entry[]): Offence {
  return { kind, why, entries }
}

function place({ id, seq, version }: Pick<Row, 'id' | 'seq' | 'version'>): string {
  return `message ${id}, seq ${seq}, version ${version}`
}
