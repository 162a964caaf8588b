import { randomUUID } from 'node:crypto'
import type { Broker, Published } from './broker.ts'
import { MemoryBroker } from './broker-memory.ts'
import { channelOptions } from './channels.ts'
import { FanOut } from './fan-out.ts'
import type { ResolvedOptions } from './options-resolve.ts'
import type { ChannelOptions } from './options.ts'
import { MemoryPresence } from './presence-memory.ts'
import type { Presence } from './presence.ts'
import type { Content } from './protocol.ts'
import { Registry } from './registry.ts'
import { TimerWheel } from './timers.ts'
import { RevokedTokens, TokenVerifier } from './tokens.ts'

export type NodePublishOptions = {
  idempotencyKey?: string
  skipHistory?: boolean
}

/** What all clients of one process share. */
export class Node {
  readonly id = randomUUID()
  readonly startedAt = performance.now()
  readonly options: ResolvedOptions
  readonly timers: TimerWheel
  readonly registry = new Registry()
  readonly fanOut = new FanOut(this.registry)
  readonly presence: Presence = new MemoryPresence()
  readonly broker: Broker
  readonly tokens: TokenVerifier
  readonly revoked: RevokedTokens

  constructor(options: ResolvedOptions) {
    this.options = options
    this.timers = new TimerWheel(options.timerTickMilliseconds, (error) => this.logFailure(error, 'A timer failed.'))
    this.broker = new MemoryBroker(this.timers, options)
    this.tokens = new TokenVerifier(options.token ?? {})
    this.revoked = new RevokedTokens(options.tokenMaxLifetimeSeconds)
  }

  channelOptions(channel: string): ChannelOptions | undefined {
    return channelOptions(this.options, channel)
  }

  /** The promise, if there is one, resolves when subscribers keep up again. */
  publish(channel: string, content: Content, channelOptions: ChannelOptions, options: NodePublishOptions = {}) {
    const published: Published = this.broker.publish(channel, content, {
      historySize: options.skipHistory ? 0 : (channelOptions.historySize ?? 0),
      historyTtlSeconds: channelOptions.historyTtlSeconds ?? 0,
      ...(options.idempotencyKey !== undefined && { idempotencyKey: options.idempotencyKey }),
    })
    const { publication, position } = published
    const keptUp = publication && this.fanOut.add(channel, { pub: publication }, position?.epoch)
    return { position, keptUp }
  }

  logFailure(error: unknown, message: string): void {
    this.options.logger.error({ err: error }, message)
  }
}
