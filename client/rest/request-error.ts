import type { ErrorBody, ErrorCode } from '@grandchat/contracts/errors'
import { errorCodes } from '@grandchat/contracts/errors'

/** A request that got no 2xx. `status` is 0 and `code` `network` when there was no answer at all. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly status: number
  readonly code: ErrorCode | 'network'
  readonly detail: string
  readonly fields: Record<string, string>
  readonly retryAfterSeconds: number | undefined
  /** The answer is one of our server's, not of something in between. */
  readonly isOurs: boolean

  constructor(status: number, body: Partial<ErrorBody>, retryAfterSeconds?: number) {
    const detail = body.detail ?? (status === 0 ? 'no answer' : `status ${status}`)
    super(detail)
    this.status = status
    this.isOurs = isErrorCode(body.code)
    this.code = isErrorCode(body.code) ? body.code : codeOfStatus(status)
    this.detail = detail
    this.fields = body.fields ?? {}
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** The session is gone: nothing will succeed before the next sign-in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof RequestError && (error.status === 401 || error.code === 'sign_in_required')
}

/** The same request may succeed later: no answer, an overloaded or failing server, or something in between. */
export function isTemporary(error: unknown): boolean {
  if (!(error instanceof RequestError)) return false
  if (error.status === 0 || error.status >= 500 || [408, 425, 429].includes(error.status)) return true
  return error.code === 'csrf_failed' || (!error.isOurs && [403, 404, 405].includes(error.status))
}

export function isNotFound(error: unknown): boolean {
  return error instanceof RequestError && error.status === 404 && error.isOurs
}

function isErrorCode(code: unknown): code is ErrorCode {
  return (errorCodes as readonly unknown[]).includes(code)
}

function codeOfStatus(status: number): ErrorCode | 'network' {
  if (status === 0) return 'network'
  const known: Record<number, ErrorCode> = {
    400: 'invalid_input',
    401: 'sign_in_required',
    403: 'permission_denied',
    404: 'not_found',
    413: 'body_too_large',
    422: 'invalid_input',
    429: 'rate_limited',
    503: 'overloaded',
  }
  return known[status] ?? 'internal'
}
