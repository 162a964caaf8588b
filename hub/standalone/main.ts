#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'
import { version } from '../version.ts'
import { type CommandLine, help, readCommandLine } from './command-line.ts'
import { readConfigFile, readEnvironment, usualFile } from './config-file.ts'
import { StartError } from './listen.ts'
import { createLogger } from './log.ts'
import { type Standalone, startStandalone } from './server.ts'
import { serverDefaults } from './server-options.ts'
import { readSettings, type Settings } from './settings.ts'
import type { Logger } from '../options.ts'

/** The hub as a program of its own. */
async function main(): Promise<void> {
  const line = readCommandLine(process.argv.slice(2))
  if (line.mistakes.length > 0) throw new StartError(line.mistakes.join('\n'))
  if (line.task === 'help') process.stdout.write(help)
  else if (line.task === 'version') process.stdout.write(`${version}\n`)
  else if (line.task === 'check') check(read(line))
  else await run(read(line))
}

type Read = { settings: Settings; warnings: string[]; hasFile: boolean }

function read({ configFile, flags, isStrict }: CommandLine): Read {
  const config = readConfigFile(configFile)
  const reading = readSettings(config ?? {}, { flags, environment: readEnvironment() })
  const mistakes = isStrict ? [...reading.mistakes, ...reading.warnings] : reading.mistakes
  if (!reading.settings || mistakes.length > 0) {
    throw new StartError(['The configuration is wrong.', ...mistakes.map((each) => `- ${each}`)].join('\n'))
  }
  return { settings: reading.settings, warnings: reading.warnings, hasFile: config !== undefined }
}

function check({ warnings, hasFile }: Read): void {
  if (!hasFile) process.stdout.write(`There is no ${usualFile}; flags and environment alone were checked.\n`)
  for (const warning of warnings) process.stdout.write(`Warning: ${warning}\n`)
  process.stdout.write('The configuration is good.\n')
}

async function run({ settings, warnings, hasFile }: Read): Promise<void> {
  const logger = createLogger(settings.server.logLevel ?? serverDefaults.logLevel, (line) => process.stderr.write(line))
  if (!hasFile) logger.warn({}, `There is no ${usualFile}; the hub runs with flags and environment alone.`)
  for (const warning of [...warnings, ...dangers(settings)]) logger.warn({}, warning)
  const standalone = await startStandalone(settings, { logger })
  closeOnSignals(standalone, logger)
  const { port, internalPort } = standalone
  logger.info({ version, pid: process.pid, port, internalPort }, 'The hub is listening.')
}

/** What is allowed, and not for production. */
function dangers({ hub, server }: Settings): string[] {
  return [
    ...(hub.client?.insecure ? ['client.insecure is on: everybody may do everything.'] : []),
    ...(server.isApiInsecure && !server.isApiDisabled ? ['http_api.insecure is on: the API asks for no key.'] : []),
  ]
}

function closeOnSignals(standalone: Standalone, logger: Logger): void {
  let isClosing = false
  const close = (signal: NodeJS.Signals) => {
    if (isClosing) {
      logger.warn({ signal }, 'The hub stops at once.')
      process.exit(1)
    }
    isClosing = true
    logger.info({ signal }, 'The hub is shutting down.')
    void standalone.close().then(() => process.exit(0))
  }
  process.on('SIGTERM', close).on('SIGINT', close)
  // Centrifugo reloads its configuration then; dying of it would be the worst answer.
  process.on('SIGHUP', () => logger.warn({}, 'A changed configuration is read at the next start.'))
}

// A client chooses the names that `channel_regex` is asked about. In Centrifugo no expression takes more than linear time.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
try {
  await main()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
