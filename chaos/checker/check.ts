import { clinging, type Entry } from '../history.ts'
import { checkCounters } from './counters.ts'
import { checkLater } from './later.ts'
import { checkLeaks } from './leaks.ts'
import { Ledger } from './ledger.ts'
import { checkMentions } from './mentions.ts'
import { checkPages } from './pages.ts'
import { checkOwnRows } from './own-rows.ts'
import { checkReceipts } from './receipts.ts'
import { checkRooms } from './rooms.ts'
import { checkScreens } from './screens.ts'
import { checkSends } from './sends.ts'
import { checkStates } from './states.ts'

export const kinds = [
  /** Acknowledged, or written and never refused, and not there at the end. */
  'lost',
  /** One key twice in a room, or one message twice on a screen. */
  'doubled',
  /** Not where, or not what, the answer said; or a room's numbers have a gap. */
  'moved',
  /** Against the order in which things happened, or in which they were shown before. */
  'reordered',
  /** There, but not on the screen of someone entitled when all should have been well again. */
  'late',
  /** Nobody wrote it, or it was refused. */
  'phantom',
  /** Was on a screen and went from it by itself. */
  'vanished',
  /** Reached somebody who was no member. */
  'leaked',
  /** Unread, read positions, members or the order of rooms differ from the database. */
  'counters',
] as const
export type Kind = (typeof kinds)[number]

/** `entries` are as few as show it. */
export type Offence = { kind: Kind; why: string; entries: Entry[] }

export type Verdict = {
  isValid: boolean
  offences: Offence[]
  counts: Record<Kind, number>
  acknowledged: number
}

export type CheckOptions = {
  /** How long after the answer to a removal something may still be on its way to the one removed. */
  graceMs?: number
  /** The same for those who keep tokens that they should have thrown away, and present them again. */
  keptTokenMs?: number
}

/** Judges a whole history, in time that is linear in its length. */
export function check(
  entries: readonly Entry[],
  { graceMs = 1_000, keptTokenMs = graceMs }: CheckOptions = {},
): Verdict {
  const ledger = new Ledger(entries)
  const offences = [
    ...checkSends(entries, ledger),
    ...checkRooms(entries, ledger),
    ...checkScreens(entries, ledger),
    ...checkPages(entries, ledger),
    ...checkLeaks(entries, ledger, ({ proc }) => (proc.endsWith(clinging) ? keptTokenMs : graceMs)),
    ...checkCounters(entries, ledger),
    ...checkStates(entries, ledger),
    ...checkOwnRows(entries),
    ...checkLater(entries, ledger),
    ...checkReceipts(entries, ledger),
    ...checkMentions(entries, ledger),
  ]
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>
  for (const { kind } of offences) counts[kind]++
  return { isValid: offences.length === 0, offences, counts, acknowledged: ledger.acknowledged }
}
