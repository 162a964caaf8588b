import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { createApp, type Server } from '../app.ts'
import { readConfig } from '../config.ts'
import { createServices, type Services } from '../services.ts'
import { createTestDatabase } from './database.ts'
import { Person } from './person.ts'

export type TestServer = {
  url: string
  services: Services
  app: Server
  /** Someone without an account, on a browser of their own. */
  visitor(): Person
  /** The owner, who set the installation up; made at first use. */
  owner(): Promise<Person>
  /** A new signed-in member. */
  member(username: string): Promise<Person>
  stop(): Promise<void>
}

/** A whole backend with a database of its own, listening on a free loopback port. */
export async function startTestServer(settings: Record<string, string> = {}): Promise<TestServer> {
  const database = await createTestDatabase()
  const config = readConfig({ PORT: '0', LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent', ...settings })
  const logger = pino({ level: config.LOG_LEVEL })
  const secrets = { token: 'a secret for tokens of the tests', csrf: 'a secret for forms of the tests' }
  const services = await createServices(config, database.url, secrets, logger)
  const app = await createApp(services)
  await app.listen({ port: 0, host: '127.0.0.1' })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  let owner: Promise<Person> | undefined
  const server: TestServer = {
    url,
    services,
    app,
    visitor: () => new Person(url),
    owner: () => (owner ??= server.visitor().setUp('olga')),
    async member(username) {
      await (await server.owner()).post('/api/users/', { username, password: passwordOf(username) }, 201)
      return server.visitor().signIn(username, passwordOf(username))
    },
    async stop() {
      await services.hub.shutdown({ graceSeconds: 0 })
      await app.close()
      await services.publisher.drained()
      await services.db.destroy()
      await database.drop()
    },
  }
  return server
}

export function passwordOf(username: string): string {
  return `${username} has a password`
}
