import { backoff } from './backoff.ts'
import type { SendFailure } from './client.ts'
import type { Environment } from './environment.ts'
import { RequestError, isSignedOut, isTemporary } from './rest/request-error.ts'
import type { Timer } from './timer.ts'

/** Something on its way to the server. `failed`: refused for good. */
export type Sendable = {
  state: 'sending' | 'waiting' | 'failed'
  failure: SendFailure | undefined
  /** Ends the request under way when it is known to have arrived without it. */
  abort: AbortController | undefined
}

/** What leaves one after another, in the order in which it was written. */
export type SendLine<Item> = {
  readonly items: Item[]
  isSending: boolean
  failures: number
  /** Not before this time; the server itself asked to wait until `askedUntil`. */
  notBefore: number
  askedUntil: number
  readonly retry: Timer
}

export function createSendLine<Item>(retry: Timer): SendLine<Item> {
  return { items: [], isSending: false, failures: 0, notBefore: 0, askedUntil: 0, retry }
}

export type SenderSetup<Item, Line, Answer> = {
  environment: Environment
  post: (item: Item, signal: AbortSignal) => Promise<Answer>
  /** What this tab has to send next of a line, if anything. */
  nextOf: (line: Line) => Item | undefined
  onState: (item: Item) => void
  onSent: (item: Item, answer: Answer) => void
  /** Refused for good: it is `failed` now. */
  onRefused: (item: Item) => void
}

/** Posts the items of each line one after another, and again until an answer is definite. */
export function createSender<Item extends Sendable, Line extends SendLine<Item>, Answer>(
  setup: SenderSetup<Item, Line, Answer>,
) {
  const { environment, post, nextOf, onState, onSent, onRefused } = setup

  /** Sends what waits in a line until something must wait. */
  async function work(line: Line): Promise<void> {
    if (line.isSending) return
    line.isSending = true
    line.retry.cancel()
    try {
      for (let item = nextOf(line); item && isAllowed(line); item = nextOf(line)) await sendOne(line, item)
    } finally {
      line.isSending = false
    }
  }

  function isAllowed(line: Line): boolean {
    const wait = line.notBefore - environment.now()
    if (wait > 0) line.retry.reset(wait)
    return wait <= 0
  }

  async function sendOne(line: Line, item: Item): Promise<void> {
    const abort = new AbortController()
    item.state = 'sending'
    item.abort = abort
    onState(item)
    try {
      const answer = await post(item, abort.signal)
      line.failures = 0
      onSent(item, answer)
    } catch (error) {
      // Confirmed and taken out meanwhile: nothing was refused.
      if (line.items.includes(item)) refused(line, item, error)
    } finally {
      item.abort = undefined
    }
  }

  /** A definite answer ends it. Anything else may yet have arrived or may arrive later: the same goes again. */
  function refused(line: Line, item: Item, error: unknown) {
    const answer = error instanceof RequestError ? error : undefined
    item.failure = { code: answer?.code ?? 'network', message: answer?.detail ?? String(error) }
    item.state = answer && !isSignedOut(answer) && !isTemporary(answer) ? 'failed' : 'waiting'
    if (item.state === 'waiting') postpone(line, answer?.retryAfterSeconds ?? 0)
    else onRefused(item)
    onState(item)
  }

  function postpone(line: Line, askedSeconds: number) {
    line.failures++
    const wait = backoff(environment, line.failures)
    // What the server asked for is spread a little, or everybody comes back at once.
    const asked = askedSeconds > 0 ? askedSeconds * 1_000 + environment.random() * 500 : 0
    line.askedUntil = environment.now() + asked
    line.notBefore = environment.now() + Math.max(asked, wait)
  }

  return {
    work,
    /** Tries again without the rest of the backoff. */
    hurry(line: Line): Promise<void> {
      line.notBefore = line.askedUntil
      return work(line)
    },
  }
}
