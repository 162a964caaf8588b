import type { IncomingMessage } from 'node:http'
import type { Client } from './client.ts'
import type { Metrics } from './metrics.ts'
import type { ResolvedOptions } from './options-resolve.ts'
import { isAllowedOrigin } from './origins.ts'

/** Every open connection of the process, whatever carries it, also those that have not said who they are. */
export class Connections {
  readonly #options: ResolvedOptions
  readonly #metrics: Metrics
  readonly #open = new Set<Client>()
  readonly #bySession = new Map<string, Client>()
  #accepts = true
  #allClosed: (() => void) | undefined

  constructor(options: ResolvedOptions, metrics: Metrics) {
    this.#options = options
    this.#metrics = metrics
  }

  /** The HTTP status with which one more is refused, or undefined when it may come. */
  refusal(request: IncomingMessage): 403 | 503 | undefined {
    const { connectionLimit } = this.#options.client
    if (!this.#accepts) return 503
    if (connectionLimit > 0 && this.#open.size >= connectionLimit) {
      this.#metrics.connectionLimitReached++
      return 503
    }
    return isAllowedOrigin(request, this.#options) ? undefined : 403
  }

  add(client: Client): void {
    this.#open.add(client)
    if (client.session !== undefined) this.#bySession.set(client.session, client)
  }

  /** When nothing of it is left, not even a socket that closes. */
  remove(client: Client): void {
    this.#open.delete(client)
    if (client.session !== undefined) this.#bySession.delete(client.session)
    if (this.#open.size === 0) this.#allClosed?.()
  }

  withSession(session: string): Client | undefined {
    return this.#bySession.get(session)
  }

  all(): Client[] {
    return [...this.#open]
  }

  /** From now on nobody is let in. Resolves when all are gone. */
  async drained(): Promise<void> {
    this.#accepts = false
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#allClosed = resolve))
  }
}
