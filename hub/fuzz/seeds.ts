import type { Case } from './world.ts'

/** What hurt the hub once, by what it did. Each must stay harmless. */
export const keptSeeds: Record<string, Case> = {}
