import type { Entry } from '../history.ts'
import type { Offence } from './check.ts'

/** When all is quiet, every client has of one's own what the database has. */
export function checkOwnRows(entries: readonly Entry[]): Offence[] {
  const kept = new Map(entries.flatMap((entry) => (entry.f === 'own rows' ? [[entry.user, entry.rows] as const] : [])))
  return entries.flatMap((entry) => {
    const rows = entry.f === 'own' ? kept.get(entry.user) : undefined
    if (entry.f !== 'own' || !rows) return []
    return Object.entries(entry.rows).flatMap(([name, value]): Offence[] => {
      const should = rows[name]?.value ?? ''
      if (value === should) return []
      return [{ kind: 'late', why: `${entry.proc} has "${value}" as ${name} instead of "${should}"`, entries: [entry] }]
    })
  })
}
