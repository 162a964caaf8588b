import { type DestinationStream, type Logger, pino } from 'pino'

/** More of a message or a stack trace tells nothing new. */
const maxLength = 4_000
const maxCauses = 3

/**
 * The process's log. Of an error only these members are written: PostgreSQL's carry whole rows in `detail`, and a row may
 * be a message or a password's hash.
 */
export function createLogger(level: string, destination: DestinationStream): Logger {
  return pino({ level, serializers: { err: (error: unknown) => describeError(error) } }, destination)
}

type Description = { type: string; message: string; code?: string; stack?: string; cause?: Description }

function describeError(error: unknown, depth = 0): Description {
  if (!(error instanceof Error)) return { type: typeof error, message: cut(String(error)) }
  return {
    type: error.name,
    message: cut(error.message),
    ...('code' in error && { code: cut(String(error.code)) }),
    ...(error.stack && { stack: cut(error.stack) }),
    ...(error.cause !== undefined && depth < maxCauses && { cause: describeError(error.cause, depth + 1) }),
  }
}

function cut(text: string): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)} …`
}
