import type { Installation } from '../installation.ts'
import type { PersonOptions } from '../person.ts'
import type { Scene } from '../scene.ts'
import type { Seeded } from '../../client/testing/seeded.ts'

/** What one fault has to work with while people go on. */
export type Field = {
  scene: Scene
  installation: Installation
  seeded: Seeded
  /** Seconds of load that the run allows for it. */
  seconds: number
}

/** One way in which things go wrong. */
export type Fault = {
  /** Its numbers in the catalogue of chaos/README.md. */
  id: string
  title: string
  /** Only where this exists; the small shape has neither Redis nor Kafka. */
  needs?: 'large shape'
  /** Does it, under load, and undoes it. When it returns all is well again. */
  inject?: (field: Field) => Promise<void>
  /** For the clients of everyone, or of some. */
  personOptions?: (n: number, scene: { seed: number }) => Partial<PersonOptions>
  /** The load in place of the usual one. */
  perSecond?: number
  /** What must have happened, or the fault was none; returns what did not. */
  verify?: (field: Field) => string | undefined
}
