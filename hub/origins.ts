import type { IncomingMessage } from 'node:http'
import type { ResolvedOptions } from './options-resolve.ts'

/** May whoever sent this request open a connection? One without an Origin comes from no browser. [CON8] */
export function isAllowedOrigin(request: IncomingMessage, options: ResolvedOptions): boolean {
  const { origin } = request.headers
  if (origin === undefined) return true
  if (!options.checkOrigin) return options.allowedOrigins.some((pattern) => matches(pattern, origin.toLowerCase()))
  try {
    return options.checkOrigin(request)
  } catch (error) {
    options.logger.error({ err: error }, 'checkOrigin failed.')
    return false
  }
}

/** Compares piece by piece: a regular expression of many stars could be made to run for ever. */
function matches(pattern: string, origin: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*')
  if (!origin.startsWith(first)) return false
  const last = rest.pop()
  if (last === undefined) return origin === first
  let at = first.length
  for (const piece of rest) {
    const found = origin.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return origin.length - last.length >= at && origin.endsWith(last)
}
