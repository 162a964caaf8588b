import { pino } from 'pino'
import { readConfig } from './config.ts'
import { isDemo } from './demo/flag.ts'
import { createLogger } from './log.ts'
import { start } from './start.ts'
import { StartError } from './start-error.ts'

try {
  const config = readConfig(process.env)
  const logger = createLogger(config.LOG_LEVEL, pino.destination(2))
  const running = await start(config, logger, {
    isDemo: isDemo(process.argv.slice(2)),
    say: (line) => process.stdout.write(`${line}\n`),
  })
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'while stopping')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
} catch (error) {
  process.stderr.write(
    error instanceof StartError ? `${error.message}\n` : `${String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exit(1)
}
