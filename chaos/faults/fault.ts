import type { Installation } from '../installation.ts'
import type { Place } from '../place.ts'
import type { PersonOptions } from '../person.ts'
import type { Scene } from '../scene.ts'
import type { Seeded } from '../../client/testing/seeded.ts'

/** What one fault has to work with while people go on. */
export type Field<Site extends Place = Installation> = {
  scene: Scene
  installation: Site
  seeded: Seeded
  /** Seconds of load that the run allows for it. */
  seconds: number
}

/** One way in which things go wrong. */
export type Fault<Site extends Place = Installation> = {
  /** Its numbers in the catalogue of chaos/README.md. */
  id: string
  title: string
  /** What it needs that there is not. */
  needs?: string
  /** Does it, under load, and undoes it. When it returns all is well again. */
  inject?: (field: Field<Site>) => Promise<void>
  /** For the clients of everyone, or of some. */
  personOptions?: (n: number, scene: { seed: number }) => Partial<PersonOptions>
  /** The load in place of the usual one. */
  perSecond?: number
  /** What must have happened, or the fault was none; returns what did not. */
  verify?: (field: Field<Site>) => string | undefined
}
