import type { IncomingMessage } from 'node:http'
import type { ResolvedOptions } from './options-resolve.ts'

/** May whoever sent this request open a connection? One without an Origin comes from no browser. [CON8] */
export function isAllowedOrigin(request: IncomingMessage, options: ResolvedOptions): boolean {
  const { origin } = request.headers
  if (origin === undefined) return true
  if (!options.checkOrigin) return options.isListedOrigin(origin.toLowerCase())
  try {
    return options.checkOrigin(request)
  } catch (error) {
    options.logger.error({ err: error }, 'checkOrigin failed.')
    return false
  }
}
