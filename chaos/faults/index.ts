import { databaseFaults } from './database.ts'
import { eventFaults } from './events.ts'
import type { Fault } from './fault.ts'
import { missingFaults } from './large.ts'
import { networkFaults } from './network.ts'
import { peopleFaults } from './people.ts'
import { processFaults } from './processes.ts'

/** All that a run does unless told otherwise, in this order; the first is none at all. */
export const faults: readonly Fault[] = [
  { id: 'N0', title: 'nothing: everything works' },
  ...processFaults,
  ...databaseFaults,
  ...eventFaults,
  ...networkFaults,
  ...peopleFaults,
]

export function findFaults(ids: readonly string[]): Fault[] {
  return ids.map((id) => {
    const fault = [...faults, ...missingFaults].find((one) => one.id === id)
    if (!fault) throw new Error(`There is no fault ${id}. There are ${faults.map((one) => one.id).join(', ')}.`)
    if (fault.needs) throw new Error(`${id} needs ${fault.needs}: ${fault.title}.`)
    return fault
  })
}
