import type pg from 'pg'
import { queryOnce } from '../server/testing/query.ts'
import { type LargeStack, startStack } from '../tools/stack/large.ts'
import type { BroadcastMode } from '../tools/stack/centrifugo-consumers.ts'
import type { Place } from './place.ts'
import { signal } from './processes.ts'
import { Proxy } from './proxy.ts'

/** The large shape as processes: two backends behind Nginx, and proxies in front of that. */
export class LargeInstallation implements Place {
  readonly stack: LargeStack
  readonly mode: BroadcastMode
  readonly databaseUrl: string
  // Centrifugo knows no revoked tokens: a minute to present one, and a quarter until it is cut again (SECURITY.md).
  readonly keptTokenMs = 80_000
  readonly isBehindProxy = true
  #proxies = new Set<Proxy>()

  private constructor(stack: LargeStack, mode: BroadcastMode) {
    this.stack = stack
    this.mode = mode
    this.databaseUrl = stack.databaseUrl
  }

  static async start(
    mode: BroadcastMode,
    settings: Record<string, string>,
    centrifugo: () => Promise<string>,
  ): Promise<LargeInstallation> {
    // As durable as a real one: processes are killed.
    const databaseSettings = { fsync: 'on', full_page_writes: 'on' }
    const stack = await startStack({ mode, engine: 'memory', backends: 2, settings, databaseSettings, centrifugo })
    return new LargeInstallation(stack, mode)
  }

  async network(): Promise<Proxy> {
    const proxy = await Proxy.listen({ port: Number(new URL(this.stack.url).port) })
    this.#proxies.add(proxy)
    return proxy
  }

  async forget(proxy: Proxy): Promise<void> {
    this.#proxies.delete(proxy)
    await proxy.close()
  }

  get missing(): string | undefined {
    const { backends, consumers, centrifugo, cdc } = this.stack
    const services = [...backends, centrifugo.service, consumers, cdc?.kafka, cdc?.connect]
    return services.find((service) => service && !(service.pid !== undefined && signal(service.pid, 0)))?.name
  }

  get output(): string {
    return this.stack.backends.map(({ output }) => output).join('\n')
  }

  query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return queryOnce<Row>(this.databaseUrl, text, values)
  }

  async stop(): Promise<void> {
    for (const proxy of this.#proxies) await proxy.close()
    await this.stack.stop()
  }
}
