import type { Kind, Verdict } from '../checker/check.ts'
import { durability } from './durability.ts'
import { keptMutants } from './kept.ts'
import { keys } from './keys.ts'
import { order } from './order.ts'
import { publisher } from './publisher.ts'
import { queue } from './queue.ts'
import { recovered } from './recovered.ts'
import { revocation } from './revocation.ts'
import { impatience, pastMembers, risingMarkers, silentEdits, toggles } from './states.ts'
import { versions } from './versions.ts'

/** A bug, and what forces it to show: one and the same course of events with it and without it. */
export type Mutant = {
  id: string
  title: string
  /** What the checker must find, at least. */
  expected: Kind
  run: (hasBug: boolean) => Promise<Verdict>
}

export const mutants: readonly Mutant[] = [
  durability,
  publisher,
  keys,
  queue,
  versions,
  order,
  revocation,
  recovered,
  silentEdits,
  toggles,
  pastMembers,
  risingMarkers,
  impatience,
  ...keptMutants,
]
