import type { Entry, Row } from '../history.ts'
import type { Kind, Offence } from './check.ts'
import type { Ledger } from './ledger.ts'

/** What stood in a real page, of which only a part is on screen: nothing twice or out of order; at the end, the end. */
export function checkPages(entries: readonly Entry[], ledger: Ledger): Offence[] {
  return entries.flatMap((entry) => {
    const room = entry.f === 'page' ? ledger.rooms.get(entry.room) : undefined
    if (entry.f !== 'page' || !room) return []
    const of = (kind: Kind, why: string): Offence => ({ kind, why, entries: [entry] })
    const run = ledger.run(entry.room)
    const places = entry.ids.map((id) => run.places.get(id) ?? -1)
    const offences = places.flatMap((place, n) => {
      const before = places[n - 1] ?? -1
      if (place < 0) return [of('phantom', `message ${entry.ids[n]} stood in the page, and is not in the room`)]
      if (n === 0 || place > before) return []
      return [of(place === before ? 'doubled' : 'reordered', `message ${entry.ids[n]} stood below ${entry.ids[n - 1]}`)]
    })
    if (!entry.isLast || offences.length > 0) return offences
    // What was removed is not shown, and lines about the room may stand together as one.
    const isSaid = ({ key, isDeleted }: Row) => key !== null && !isDeleted
    const shown = entry.ids.filter((id) => isSaid(run.rows[run.places.get(id)!]!))
    const tail = run.rows
      .filter(isSaid)
      .slice(-Math.max(1, shown.length))
      .map(({ id }) => id)
    const isTail = tail.length === 0 || tail.join() === shown.join()
    return isTail ? [] : [of('late', `the page ends with ${shown.at(-1)}, the room with ${tail.at(-1)}`)]
  })
}
