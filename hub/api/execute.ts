import type { Metrics } from '../metrics.ts'
import type { Logger } from '../options.ts'
import { type Json, RawJson } from '../protocol.ts'
import type { ApiHub } from './api-hub.ts'
import { type ApiError, apiErrorOf } from './errors.ts'

/** What calls work with. */
export type ApiContext = { hub: ApiHub; metrics: Metrics; logger: Logger }

/** A request that was understood. Throws, or rejects with, a `HubError`. */
export type ApiCall = (context: ApiContext) => unknown

export type ApiAnswer = { result: Json } | { error: ApiError }

/** Never rejects. */
export async function execute(context: ApiContext, method: string, call: ApiCall): Promise<ApiAnswer> {
  const startedAt = performance.now()
  try {
    const result = await call(context)
    return { result: result instanceof RawJson ? result.text : JSON.stringify(result) }
  } catch (thrown) {
    const error = apiErrorOf(thrown, context.logger)
    context.metrics.countApiError(method, error.code)
    return { error }
  } finally {
    context.metrics.observeApiCommand(method, (performance.now() - startedAt) / 1000)
  }
}

export const errorMember = (error: ApiError): string => `"error":${JSON.stringify(error)}`

/** The answer as a member of a JSON object, the result under the name given. */
export function answerMember(answer: ApiAnswer, name = 'result'): string {
  return 'error' in answer ? errorMember(answer.error) : `"${name}":${answer.result}`
}
