import type { AddressInfo } from 'node:net'
import { type DestinationStream, pino } from 'pino'
import { createApp, listenBacklog, type Server } from '../app.ts'
import { readConfig } from '../config.ts'
import { createLogger } from '../log.ts'
import type { After } from '../receipts/receipts.ts'
import { createServices, type Services } from '../services.ts'
import { createTestDatabase } from './database.ts'
import { Listener } from './listener.ts'
import { Person } from './person.ts'

export type TestServer = {
  url: string
  databaseUrl: string
  services: Services
  app: Server
  /** Someone without an account, on a browser of their own. */
  visitor(): Person
  /** The owner, who set the installation up; made at first use. */
  owner(): Promise<Person>
  /** A new signed-in member. */
  member(username: string): Promise<Person>
  /** Hears what this person's browser is told, on their own channel unless another is named; closed with the server. */
  listen(person: Person, channel?: string): Promise<Listener>
  /** Resolves once the requests that are under way are as wanted. */
  until(isSo: (requests: { active: number }) => boolean): Promise<void>
  stop(): Promise<void>
}

export type TestServerOptions = {
  /** Where the log goes; by default to the terminal, if LOG_LEVEL is set. */
  logTo?: DestinationStream
  /** The built web app; by default none, whether or not it was built. */
  webFolder?: string
  /** Instead of the product's two seconds. */
  lockTimeoutMs?: number
  /** When receipts are told; by default not before a test says so (`services.receipts.flush()`). */
  afterReceipts?: After
  /** Another backend's database, to be one more of the same installation. */
  databaseUrl?: string
}

/** What the backend signs with. */
export const testSecrets = { token: 'a secret for tokens of the tests', csrf: 'a secret for forms of the tests' }

/** A whole backend with a database of its own, listening on a free loopback port. */
export async function startTestServer(
  settings: Record<string, string> = {},
  { logTo, webFolder = 'none', lockTimeoutMs, afterReceipts = never, databaseUrl }: TestServerOptions = {},
): Promise<TestServer> {
  const database =
    databaseUrl === undefined ? await createTestDatabase() : { url: databaseUrl, drop: async () => undefined }
  const config = readConfig({ PORT: '0', LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent', ...settings })
  const logger = createLogger(config.LOG_LEVEL, logTo ?? pino.destination(1))
  const connectionString = withLockTimeout(database.url, lockTimeoutMs)
  const services = await createServices(config, connectionString, testSecrets, logger, afterReceipts)
  const app = await createApp(services, webFolder)
  await app.listen({ port: 0, host: '127.0.0.1', backlog: listenBacklog })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  let owner: Promise<Person> | undefined
  const listeners: Listener[] = []
  const server: TestServer = {
    url,
    databaseUrl: database.url,
    services,
    app,
    visitor: () => new Person(url),
    owner: () => (owner ??= server.visitor().setUp('olga', services.setupCode)),
    async member(username) {
      await (await server.owner()).post('/api/users/', { username, password: passwordOf(username) }, 201)
      return server.visitor().signIn(username, passwordOf(username))
    },
    async listen(person, channel) {
      // What happened before is told before: else it could be the first thing that is heard.
      await services.announcer.drained()
      const listener = await Listener.of(person, channel)
      listeners.push(listener)
      return listener
    },
    async until(isSo) {
      while (!isSo(services.lifecycle)) await new Promise((resolve) => setImmediate(resolve))
    },
    async stop() {
      for (const listener of listeners) listener.close()
      await services.realTime.stop({ graceSeconds: 0 })
      await app.close()
      await services.housekeeping.stop()
      await services.announcer.drained()
      await services.db.destroy()
      await database.drop()
    },
  }
  return server
}

const never: After = () => () => undefined

function withLockTimeout(url: string, milliseconds: number | undefined): string {
  if (milliseconds === undefined) return url
  const changed = new URL(url)
  changed.searchParams.set('options', `-c timezone=UTC -c lock_timeout=${milliseconds}`)
  return changed.href
}

export function passwordOf(username: string): string {
  return `${username} has a password`
}
