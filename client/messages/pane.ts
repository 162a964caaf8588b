import type { Environment } from '../environment.ts'
import { type Timer, createTimer } from '../timer.ts'
import type { Window } from './window.ts'

export type OpenOutcome = 'shown' | 'gone' | 'failed'

/** A window with what it is doing. */
export type Pane = {
  readonly window: Window
  /** How often it is on screen. */
  openings: number
  /** Its first page could not be loaded. */
  hasFailed: boolean
  isLoadingOlder: boolean
  hasOlderFailed: boolean
  isLoadingNewer: boolean
  hasNewerFailed: boolean
  /** The message that the window was opened at. */
  target: number | null
  /** The message that it is to be opened at, as soon as that can be asked for. */
  opensAt: { messageId: number; resolve: (outcome: OpenOutcome) => void } | undefined
  /** How many rows there were when older ones were last loaded; 0 once the end was seen since. */
  readBackRows: number
  isQueued: boolean
  failures: number
  readonly retry: Timer
}

export function createPane(environment: Environment, window: Window, onRetry: () => void): Pane {
  return {
    window,
    openings: 0,
    hasFailed: false,
    isLoadingOlder: false,
    hasOlderFailed: false,
    isLoadingNewer: false,
    hasNewerFailed: false,
    target: null,
    opensAt: undefined,
    readBackRows: 0,
    isQueued: false,
    failures: 0,
    retry: createTimer(environment, onRetry),
  }
}
