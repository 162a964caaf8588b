import type { Logger } from '../options.ts'
import { type LogLevel, logLevels } from './server-options.ts'

/** One JSON object a line. Fields that are errors are shown with their stack. */
export function createLogger(level: LogLevel, write: (line: string) => void): Logger {
  const log =
    (own: LogLevel): Logger['info'] =>
    (fields, message) => {
      if (logLevels.indexOf(own) < logLevels.indexOf(level)) return
      write(`${JSON.stringify({ level: own, time: new Date().toISOString(), message, ...fields }, presentable)}\n`)
    }
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') }
}

function presentable(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (!(value instanceof Error)) return value
  const { code } = value as NodeJS.ErrnoException
  return { type: value.name, message: value.message, ...(code !== undefined && { code }), stack: value.stack }
}
