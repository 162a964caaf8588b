import { z } from 'zod'
import { Version } from '../primitives.ts'
import { writableKinds } from './kinds.ts'

/**
 * A piece of a user's private state: a draft, something saved, a setting (kinds.ts). Of two rows of one kind and key the
 * one with the higher `own_version` is right; a `value` of null takes it away.
 */
export const OwnRow = z
  .object({ kind: z.string(), key: z.string(), value: z.unknown(), own_version: Version })
  .meta({ id: 'OwnRow' })
export type OwnRow = z.infer<typeof OwnRow>

/** `/api/own/:kind/:key/`. What is no row's name names nothing. */
export const OwnRowInPath = z.object({ kind: z.enum(writableKinds), key: z.string().min(1).max(100) })

/** `PUT /api/own/:kind/:key/`; what a value is depends on its kind. */
export const NewOwnRow = z.object({ value: z.unknown() })
