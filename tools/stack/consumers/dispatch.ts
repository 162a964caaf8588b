import { setTimeout as pause } from 'node:timers/promises'

/** One call of the server API, as a row or a record carries it. */
export type Command = { method: string; payload: string }

/** The call must be made again, in its place: whatever is behind it waits. */
export class Unavailable extends Error {}

export type Api = { endpoint: string; key: string }
export type Dispatch = (command: Command) => Promise<void>

/** What Centrifugo's consumers may call; anything else is told and left out. */
const methods = new Set(['publish', 'broadcast', 'subscribe', 'unsubscribe', 'disconnect', 'history_remove', 'refresh'])
/** The one error that says nothing about the call: Centrifugo's own trouble. */
const internalError = 100
const answerLimitMs = 10_000

type Reply = { error?: ApiError; result?: { responses?: Array<{ error?: ApiError }> } }
type ApiError = { code: number; message: string }

/** Resolves when the call is done or will never be; throws Unavailable if it should be made again. */
export function makeDispatch({ endpoint, key }: Api, log: (line: string) => void): Dispatch {
  return async ({ method, payload }) => {
    if (!methods.has(method)) return log(`left out a call of ${method}: there is no such method`)
    const { status, reply } = await call(`${endpoint}/${method}`, key, payload)
    if (status >= 500) throw new Unavailable(`${method}: status ${status}`)
    if (status !== 200) return log(`gave up a call of ${method}: status ${status}`)
    const { error, result } = reply
    const errors = [error, ...(result?.responses ?? []).map((each) => each.error)].filter((each) => each !== undefined)
    if (errors.some(({ code }) => code === internalError)) throw new Unavailable(`${method}: internal error`)
    if (error) log(`gave up a call of ${method}: error ${error.code}, ${error.message}`)
  }
}

async function call(url: string, key: string, body: string): Promise<{ status: number; reply: Reply }> {
  const headers = { 'content-type': 'application/json', 'x-api-key': key }
  try {
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(answerLimitMs) })
    return { status: answer.status, reply: answer.ok ? ((await answer.json()) as Reply) : {} }
  } catch (error) {
    throw new Unavailable(`no answer from ${url}`, { cause: error })
  }
}

const shortestBackoffMs = 20
const longestBackoffMs = 5000

/** Waits longer after each failure in a row, at most five seconds; ends early, without a word, when all is over. */
export async function backOff(failures: number, over: AbortSignal): Promise<void> {
  const limit = Math.min(shortestBackoffMs * 2 ** failures, longestBackoffMs)
  await pause(limit * (0.5 + Math.random() / 2), undefined, { signal: over }).catch(() => {})
}
