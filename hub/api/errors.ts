import { HubError } from '../codes.ts'
import type { Logger } from '../options.ts'

export type ApiError = { readonly code: number; readonly message: string }

/** The errors of the server API, and the HTTP status of each for who asks for that. */
const known = [
  { error: { code: 100, message: 'internal server error' }, status: 500 },
  { error: { code: 102, message: 'unknown channel' }, status: 404 },
  { error: { code: 104, message: 'not found' }, status: 404 },
  { error: { code: 107, message: 'bad request' }, status: 400 },
  { error: { code: 108, message: 'not available' }, status: 400 },
  { error: { code: 112, message: 'unrecoverable position' }, status: 416 },
] as const

const [internal] = known
const byCode = new Map<number, { error: ApiError; status: number }>(known.map((each) => [each.error.code, each]))

/** Codes that only clients know stand for a failure here, as they do in Centrifugo. */
export const apiError = (code: number): ApiError => (byCode.get(code) ?? internal).error

export const statusOf = ({ code }: ApiError): number => (byCode.get(code) ?? internal).status

/** What was thrown on purpose is a `HubError`; anything else is a fault, and is logged. */
export function apiErrorOf(thrown: unknown, logger: Logger): ApiError {
  if (thrown instanceof HubError) return apiError(thrown.code)
  logger.error({ err: thrown }, 'A call of the server API failed.')
  return internal.error
}
