import type { MembershipActions } from '../memberships/actions.ts'
import type { MessageActions } from '../messages/actions.ts'
import type { OwnRowActions } from '../own-rows/actions.ts'
import type { PinActions } from '../pins/actions.ts'
import type { ReactionActions } from '../reactions/actions.ts'
import type { ThreadActions } from '../threads/actions.ts'
import type { SendFailure } from '../client.ts'

/** What a person can do without waiting for the server: by kind, what the request will need. */
export type ActionBodies = MessageActions &
  ReactionActions &
  PinActions &
  OwnRowActions &
  MembershipActions &
  ThreadActions
export type ActionKind = keyof ActionBodies

/**
 * One thing to be done. Every action sets a state, so it may be sent twice, and a later one of the same kind and key takes
 * the place of one that waits. Those of one lane leave one after another.
 */
export type NewAction<Kind extends ActionKind = ActionKind> = {
  [K in Kind]: { kind: K; lane: Lane; key: string; body: ActionBodies[K] }
}[Kind]

/** The room that it is about, or the viewer's own state. */
export type Lane = `room:${number}` | 'own'

export type StoredAction = {
  id: string
  user_id: number
  /** Of a kind that this version of the client may not know. */
  kind: string
  lane: string
  key: string
  body: unknown
  /** Refused for good: it waits for its author to decide. */
  failure?: SendFailure
  /** Until then (milliseconds, on this device's clock) its author may take it back, and nobody sends it. */
  held_until?: number
}

/** An action on its way, for those who show what it will do. `failed`: only of kinds that keep what was refused. */
export type PendingAction<Kind extends ActionKind = ActionKind> = {
  readonly id: string
  readonly key: string
  readonly body: ActionBodies[Kind]
  readonly state: 'sending' | 'waiting' | 'failed'
  readonly failure: SendFailure | undefined
  /** Its author may still think twice: it leaves when that time is over. */
  readonly isHeld: boolean
  /** Nothing of its lane gets through at the moment. */
  readonly isStuck: boolean
}

/** How actions of one kind are carried out. */
export type Performer<Body, Answer = unknown> = {
  /** In the name of `userId`. */
  send: (body: Body, how: { signal: AbortSignal; userId: number }) => Promise<Answer>
  /**
   * Takes in the answer, also one that another tab got, before the action is taken out: so nothing is shown as it was
   * in between.
   */
  merge: (answer: Answer, body: Body) => void
  /** Told when an action comes, changes its state or goes. */
  onChange: (body: Body) => void
  /** What was refused stays, for the author to decide; else it is dropped. */
  keepsRefused?: (failure: SendFailure) => boolean
}

export type Performers = { readonly [Kind in ActionKind]: Performer<ActionBodies[Kind]> }

/** A performer whose answers are of a type that only it knows. */
export function performer<Body, Answer>(of: Performer<Body, Answer>): Performer<Body> {
  // Answers are given back to the one who fetched them, or to its like in another tab.
  return of as Performer<Body>
}
