import type { Metrics } from '../metrics.ts'
import type { Logger } from '../options.ts'
import type { ApiHub } from './api-hub.ts'
import { type ApiError, apiErrorOf } from './errors.ts'

/** What calls work with. */
export type ApiContext = { hub: ApiHub; metrics: Metrics; logger: Logger }

/** A request that was understood. Throws, or rejects with, a `HubError`. */
export type ApiCall = (context: ApiContext) => unknown

export type ApiAnswer = { result: unknown } | { error: ApiError }

/** Never rejects. */
export async function execute(context: ApiContext, method: string, call: ApiCall): Promise<ApiAnswer> {
  const startedAt = performance.now()
  try {
    return { result: await call(context) }
  } catch (thrown) {
    const error = apiErrorOf(thrown, context.logger)
    context.metrics.countApiError(method, error.code)
    return { error }
  } finally {
    context.metrics.observeApiCommand(method, (performance.now() - startedAt) / 1000)
  }
}
