import { z } from 'zod'
import { Version } from '../primitives.ts'

/**
 * A piece of a user's private state: a draft, something saved, a setting. Of two rows of one kind and key the one with the
 * higher `own_version` is right; a `value` of null takes it away.
 */
export const OwnRow = z
  .object({ kind: z.string(), key: z.string(), value: z.unknown(), own_version: Version })
  .meta({ id: 'OwnRow' })
export type OwnRow = z.infer<typeof OwnRow>
