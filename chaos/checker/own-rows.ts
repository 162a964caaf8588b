import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'

/** When all is quiet, every device has of one's own what the database has, and nothing else. */
export function checkOwnRows(entries: readonly Entry[]): Offence[] {
  const kept = new Map(entries.flatMap((entry) => (entry.f === 'own rows' ? [[entry.user, entry.rows] as const] : [])))
  return entries.flatMap((entry) => {
    const rows = entry.f === 'own' ? kept.get(entry.user) : undefined
    if (entry.f !== 'own' || !rows) return []
    return [...new Set([...Object.keys(rows), ...Object.keys(entry.rows)])].flatMap((name): Offence[] => {
      const [is, should] = [entry.rows[name] ?? '', rows[name]?.value ?? '']
      if (is === should) return []
      return [{ kind: 'late', why: `${entry.proc} has "${is}" as ${name} instead of "${should}"`, entries: [entry] }]
    })
  })
}
