import { jitter } from '../backoff.ts'
import type { Environment } from '../environment.ts'

/** How long a version that is ahead waits for those it may have overtaken before they count as missing. */
export const momentMs = 1_000
/** In a room of many, those who are online notice at the same time that something is missing: they ask over this time. */
const longestSpreadMs = 10_000
const spreadOfMemberMs = 0.1

/** A moment in milliseconds, spread by how many people are in the room. */
export function momentOf(environment: Environment, memberCount = 0): number {
  const spread = Math.min(longestSpreadMs, memberCount * spreadOfMemberMs)
  return jitter(environment, momentMs) + environment.random() * spread
}
