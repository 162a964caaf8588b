/** What a failed statement or connection means for the caller. */
export type DatabaseFailure = 'unavailable' | 'busy' | 'bad_input'

const networkCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND'])
/** Untranslatable character, NUL in text, number out of range: input that got past the schemas. Never a 5xx. */
const inputCodes = new Set(['22021', '22P05', '22P02', '22003'])

/** Undefined for what is a bug of ours. */
export function classifyDatabaseError(error: unknown): DatabaseFailure | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (networkCodes.has(code) || /^(08|57P|53)/.test(code) || code === '25P03') return 'unavailable'
  if (code === '55P03' || code === '40001' || code === '40P01' || code === '57014') return 'busy'
  if (inputCodes.has(code)) return 'bad_input'
  if (
    /connection terminated|timeout exceeded when trying to connect|query read timeout|client has encountered a connection error/i.test(
      error.message,
    )
  ) {
    return 'unavailable'
  }
  return undefined
}

/** May the transaction have been committed although it threw? Only a definite answer of the server says no. */
export function isOutcomeUnknown(error: unknown): boolean {
  return classifyDatabaseError(error) === 'unavailable'
}

export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === '23505' &&
    'constraint' in error &&
    error.constraint === constraint
  )
}
