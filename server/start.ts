import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { createApp, listenBacklog, type Server } from './app.ts'
import type { Config } from './config.ts'
import { openDataDirectory } from './data-directory.ts'
import { checkDatabase } from './database/check.ts'
import { renewEpoch } from './database/epoch.ts'
import { migrate } from './database/migrate.ts'
import { startEmbeddedPostgres } from './embedded-postgres/start.ts'
import { createServices, secretsFrom, type Services } from './services.ts'
import { listenInternally } from './internal/listen.ts'
import { refuseMoved } from './move/moved.ts'
import type { Options } from './options.ts'
import { hasUsers } from './setup/set-up.ts'
import { StartError } from './start-error.ts'

export type Running = {
  url: string
  services: Services
  app: Server
  stop(): Promise<void>
}
export type StartOptions = Options & { say: (line: string) => void }

type Stoppable = { stop(): Promise<void> }

/** Sockets are told 3001 over this time, so that their clients do not all come back at once. */
const drainSeconds = 2

/** Brings a whole installation up, in order; takes down what was up if a step fails. */
export async function start(config: Config, logger: Logger, options: StartOptions): Promise<Running> {
  const up: Stoppable[] = []
  const stopAll = async () => {
    while (up.length > 0) await up.pop()!.stop()
  }
  try {
    return await bringUp(config, logger, options, up, stopAll)
  } catch (error) {
    await stopAll()
    throw error
  }
}

async function bringUp(
  config: Config,
  logger: Logger,
  { isDemo, isRestored, say }: StartOptions,
  up: Stoppable[],
  stopAll: () => Promise<void>,
): Promise<Running> {
  const data = await openDataDirectory(config.DATA_DIR)
  up.push({ stop: async () => data.release() })
  const connectionString = config.DATABASE_URL ?? (await startDatabase(data.path, say, up))
  await checkDatabase(connectionString)
  const applied = await migrate(connectionString)
  if (applied.length > 0)
    say(`Database brought up to date (${applied.length} ${applied.length === 1 ? 'step' : 'steps'}).`)
  if (isRestored) {
    await renewEpoch(connectionString)
    say('Everybody’s browser will read everything anew.')
  }
  const secrets = config.SECRET
    ? secretsFrom(config.SECRET)
    : { token: await data.secret('token'), csrf: await data.secret('csrf') }
  const services = await createServices(config, connectionString, secrets, logger)
  up.push({ stop: () => services.db.destroy() })
  if (isDemo) {
    const { makeDemo } = await import('./demo/make.ts')
    await makeDemo(services.db, say)
  }
  const internal = await listenInternally(services.realTime.hub, services.metrics, config, logger)
  if (internal) up.push(internal)
  const app = await createApp(services)
  up.push({ stop: () => drain(app, services) })
  const url = await listen(app, config)
  if (internal) say(`Metrics, from this machine alone: http://127.0.0.1:${internal.port}/metrics`)
  await sayWelcome(services, url, say)
  return {
    url,
    services,
    app,
    stop: async () => {
      say('Stopping …')
      await stopAll()
      say('Stopped.')
    },
  }
}

async function startDatabase(dataPath: string, say: (line: string) => void, up: Stoppable[]): Promise<string> {
  await refuseMoved(dataPath)
  say('Starting the database …')
  const postgres = await startEmbeddedPostgres({ directory: join(dataPath, 'postgres'), log: say })
  up.push(postgres)
  return postgres.connectionString
}

async function listen(app: Server, config: Config): Promise<string> {
  try {
    await app.listen({ port: config.PORT, host: config.HOST, backlog: listenBacklog })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'EADDRINUSE')
      throw new StartError(`Port ${config.PORT} is taken by another program. Choose another: PORT=9001 npm start`)
    if (code === 'EACCES')
      throw new StartError(`Port ${config.PORT} may not be opened by this user. Choose one above 1023.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(`HOST is no address of this machine: ${config.HOST}.`)
    throw error
  }
  const { port } = app.server.address() as AddressInfo
  const host = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(config.HOST) ? 'localhost' : config.HOST
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

async function sayWelcome(
  { config, db, setupCode }: Services,
  url: string,
  say: (line: string) => void,
): Promise<void> {
  say(`\nGrandChat is running: ${config.PUBLIC_URL ?? url}`)
  if (config.PUBLIC_URL) say(`(listening on ${url})`)
  if (await hasUsers(db)) return
  say("Open it to make the owner's account.")
  say(`From another machine that needs this one-time code: ${setupCode}`)
}

/** Not ready, sockets told to come back later, requests finished, events out. */
async function drain(app: Server, { realTime, housekeeping, lifecycle, announcer }: Services): Promise<void> {
  await Promise.all([lifecycle.drain(app), realTime.stop({ graceSeconds: drainSeconds })])
  await app.close()
  await housekeeping.stop()
  await announcer.drained()
}
