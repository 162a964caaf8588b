import { pino } from 'pino'
import { readConfig } from './config.ts'
import { createLogger } from './log.ts'
import { readOptions } from './options.ts'
import { StartError } from './start-error.ts'
import { start } from './start.ts'

const stopAsked = new Promise<void>((resolve) => {
  // From the first moment on: a signal during the start must not leave the database behind.
  process.on('SIGINT', () => resolve())
  process.on('SIGTERM', () => resolve())
})

/** Runs until a signal asks it to stop; answers the exit code. */
async function main(): Promise<number> {
  const config = readConfig(process.env)
  const logger = createLogger(config.LOG_LEVEL, pino.destination(2))
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const running = await start(config, logger, { ...readOptions(process.argv.slice(2)), say })
  await stopAsked
  await running.stop()
  return 0
}

function explain(error: unknown): string {
  if (error instanceof StartError) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
}
process.exit()
