import { randomUUID } from 'node:crypto'
import type { Broker, Published } from './broker.ts'
import { MemoryBroker } from './broker-memory.ts'
import { channelOptions } from './channels.ts'
import { FanOut } from './fan-out.ts'
import type { ResolvedOptions } from './options-resolve.ts'
import { Connections } from './connections.ts'
import type { ChannelOptions } from './options.ts'
import { Metrics } from './metrics.ts'
import { MemoryPresence } from './presence-memory.ts'
import type { Presence } from './presence.ts'
import type { Content } from './protocol.ts'
import { Registry } from './registry.ts'
import { TimerWheel } from './timers.ts'
import { RevokedTokens, TokenVerifier } from './tokens.ts'

export type NodePublishOptions = {
  idempotencyKey?: string
  skipHistory?: boolean
  version?: number
  versionEpoch?: string
  delta?: boolean
}

/** What all clients of one process share. */
export class Node {
  readonly id = randomUUID()
  readonly startedAt = performance.now()
  readonly options: ResolvedOptions
  readonly timers: TimerWheel
  readonly metrics = new Metrics()
  readonly registry = new Registry()
  readonly connections: Connections
  readonly fanOut = new FanOut(this.registry)
  readonly presence: Presence = new MemoryPresence()
  readonly broker: Broker
  readonly tokens: TokenVerifier
  readonly subscriptionTokens: TokenVerifier
  readonly revoked: RevokedTokens

  constructor(options: ResolvedOptions) {
    this.options = options
    this.timers = new TimerWheel(options.timerTickMilliseconds, (error) => this.logFailure(error, 'A timer failed.'))
    this.connections = new Connections(options, this.metrics)
    const isInUse = (channel: string) => this.registry.subscriptionsTo(channel) !== undefined
    this.broker = new MemoryBroker(this.timers, options, isInUse)
    this.tokens = new TokenVerifier(options.token ?? {})
    this.subscriptionTokens = new TokenVerifier(options.subscriptionToken ?? {})
    this.revoked = new RevokedTokens(options.tokenMaxLifetimeSeconds)
  }

  channelOptions(channel: string): ChannelOptions | undefined {
    return channelOptions(this.options, channel)
  }

  /** The promise, if there is one, resolves when subscribers keep up again. */
  publish(channel: string, content: Content, channelOptions: ChannelOptions, options: NodePublishOptions = {}) {
    const { historySize = 0, historyTtlSeconds = 0, historyMetaTtlSeconds } = channelOptions
    const { publication, previous, position, suppressedBy }: Published = this.broker.publish(channel, content, {
      ...options,
      historySize: options.skipHistory ? 0 : historySize,
      historyTtlSeconds,
      ...(historyMetaTtlSeconds !== undefined && { historyMetaTtlSeconds }),
    })
    if (!publication) {
      this.metrics.countSuppressedPublish(suppressedBy ?? 'idempotency')
      return { position, keptUp: undefined }
    }
    this.metrics.messagesSent.publication++
    const base = (options.delta ?? channelOptions.deltaPublish) ? previous : undefined
    return { position, keptUp: this.fanOut.add(channel, { pub: publication }, { epoch: position?.epoch, base }) }
  }

  /** The clients of a user; which of them, if only some are meant. */
  clientsOf(user: string, { client, session }: { client?: string | undefined; session?: string | undefined } = {}) {
    const clients = [...this.registry.clientsOf(user)]
    return clients.filter(
      (each) => (client === undefined || each.id === client) && (session === undefined || each.session === session),
    )
  }

  logFailure(error: unknown, message: string): void {
    this.options.logger.error({ err: error }, message)
  }
}
