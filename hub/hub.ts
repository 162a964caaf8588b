import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Disconnect, disconnects, errors, type ReplyError, unsubscribes } from './codes.ts'
import type { Client } from './client.ts'
import { Node } from './node.ts'
import { resolveOptions } from './options-resolve.ts'
import type { HubOptions } from './options.ts'
import { type ClientInfo, Content, type Publication, type StreamPosition } from './protocol.ts'
import { shutDown } from './shutdown.ts'
import type { Revocation } from './tokens.ts'
import { WebSocketTransports } from './transport-websocket.ts'
import { version } from './version.ts'

export type HubPublishOptions = {
  /** Within the window, a publish with a key that was used in this channel sends nothing and returns the first answer. */
  idempotencyKey?: string
  /** Sent to who is there, without an offset, and not kept. */
  skipHistory?: boolean
  tags?: Record<string, string>
}

/** Both absent in a channel without history. */
export type PublishResult = { offset?: number; epoch?: string }

export type PresentClient = { user: string; client: string; conn_info?: unknown; chan_info?: unknown }

export type HistoryOptions = { limit?: number; since?: StreamPosition; reverse?: boolean }
export type HistoryPublication = { data: unknown; offset?: number; info?: PresentClient; tags?: Record<string, string> }

export type HistoryResult = StreamPosition & { publications: HistoryPublication[] }
export type BroadcastResponse = { result: PublishResult } | { error: { code: number; message: string } }

/** Which of the user's connections, and what they are told. */
export type DisconnectOptions = { client?: string; session?: string; code?: number; reason?: string }

/** Why a call was refused, with Centrifugo's code. */
export class HubError extends Error {
  readonly code: number

  constructor({ code, message }: ReplyError) {
    super(message)
    this.code = code
  }
}

/**
 * A real-time server of the Centrifugo protocol within this process. Server calls know no permissions; channels are
 * checked for being known alone.
 */
export class Hub {
  readonly #node: Node
  readonly #transports: WebSocketTransports
  #ended: Promise<void> | undefined

  constructor(options: HubOptions) {
    this.#node = new Node(resolveOptions(options))
    this.#transports = new WebSocketTransports(this.#node)
  }

  /** For a server's `upgrade` event, on the path that is the hub's. Never throws; takes over the socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#transports.handleUpgrade(request, socket, head)
  }

  /**
   * Sends any JSON value to all subscribers of a channel. In a channel the order of calls is the order of arrival.
   * Resolves when it is on its way, later when subscribers cannot keep up; rejects with a `HubError`.
   */
  async publish(channel: string, data: unknown, options: HubPublishOptions = {}): Promise<PublishResult> {
    const { result, keptUp } = this.#publish(channel, contentOf(data, options), options)
    if (keptUp) await keptUp
    return result
  }

  /** The same to many channels, encoded once. The answers are in the order of the channels. */
  async broadcast(
    channels: readonly string[],
    data: unknown,
    options: HubPublishOptions = {},
  ): Promise<BroadcastResponse[]> {
    const content = contentOf(data, options)
    const backlogs: Array<Promise<void>> = []
    const responses = channels.map((channel): BroadcastResponse => {
      try {
        const { result, keptUp } = this.#publish(channel, content, options)
        if (keptUp) backlogs.push(keptUp)
        return { result }
      } catch (error) {
        return { error: this.#asError(error) }
      }
    })
    if (backlogs.length > 0) await Promise.all(backlogs)
    return responses
  }

  /** Takes a channel away from a user's connections, or from one of them, and tells them so for good (2000). */
  unsubscribe(user: string, channel: string, { client }: { client?: string } = {}): void {
    for (const each of this.#clientsOf(user, { client })) each.unsubscribe(channel, unsubscribes.server)
  }

  /** Ends a user's connections, or one of them. Default: 3503, which tells SDKs to stay away. */
  disconnect(user: string, options: DisconnectOptions = {}): void {
    const { code = disconnects.forceDisconnect.code, reason = disconnects.forceDisconnect.reason } = options
    if (!isSendable(code, reason)) throw new HubError(errors.badRequest)
    for (const each of this.#clientsOf(user, options)) each.disconnect(new Disconnect(code, reason))
  }

  /**
   * Refuses older tokens from now on, as if they had expired, so that clients ask for new ones. Connections and
   * subscriptions that were made with them stay: end them with `disconnect` and `unsubscribe`.
   */
  revokeTokens(revocation: Revocation): void {
    this.#node.revoked.add(revocation)
  }

  presence(channel: string): { presence: Record<string, PresentClient> } {
    if (!this.#optionsOf(channel).presence) throw new HubError(errors.notAvailable)
    return {
      presence: Object.fromEntries(Array.from(this.#node.presence.list(channel), ([id, info]) => [id, present(info)])),
    }
  }

  presenceStats(channel: string): { num_clients: number; num_users: number } {
    if (!this.#optionsOf(channel).presence) throw new HubError(errors.notAvailable)
    const { clients, users } = this.#node.presence.stats(channel)
    return { num_clients: clients, num_users: users }
  }

  /** Without a limit only the position is returned; a negative limit stands for all. */
  history(channel: string, { limit = 0, since, reverse = false }: HistoryOptions = {}): HistoryResult {
    if (!this.#optionsOf(channel).historySize) throw new HubError(errors.notAvailable)
    if (since && reverse && since.offset === 0) throw new HubError(errors.badRequest)
    const { publications, position } = this.#node.broker.history(channel, {
      reverse,
      ...(limit >= 0 && { limit }),
      ...(since && { since }),
    })
    if (since && since.epoch !== '' && since.epoch !== position.epoch) throw new HubError(errors.unrecoverablePosition)
    return { publications: publications.map(presentPublication), ...position }
  }

  /** Drops a channel's publications; its offset and epoch stay. */
  historyRemove(channel: string): void {
    if (!this.#optionsOf(channel).historySize) throw new HubError(errors.notAvailable)
    this.#node.broker.removeHistory(channel)
  }

  info() {
    const { clients, users, channels, subscriptions } = this.#node.registry.counts
    const uptime = Math.floor((performance.now() - this.#node.startedAt) / 1000)
    const { id: uid, options } = this.#node
    const counts = { num_clients: clients, num_users: users, num_channels: channels, num_subs: subscriptions }
    return { nodes: [{ uid, name: options.name, version, uptime, ...counts }] }
  }

  /**
   * Lets nobody in any more and tells all clients to reconnect (3001), spread over the grace so that they do not come
   * back all at once. Resolves when every socket is closed; a second call waits for the same end.
   */
  shutdown({ graceSeconds = 0 }: { graceSeconds?: number } = {}): Promise<void> {
    return (this.#ended ??= shutDown(this.#node, this.#transports, graceSeconds))
  }

  #publish(channel: string, content: Content, options: HubPublishOptions) {
    const { position, keptUp } = this.#node.publish(channel, content, this.#optionsOf(channel), options)
    return { result: position ?? {}, keptUp }
  }

  #asError(error: unknown): { code: number; message: string } {
    if (!(error instanceof HubError)) this.#node.logFailure(error, 'A broadcast failed.')
    const { code, message } = error instanceof HubError ? error : errors.internal
    return { code, message }
  }

  #optionsOf(channel: string) {
    if (channel === '') throw new HubError(errors.badRequest)
    const options = this.#node.channelOptions(channel)
    if (!options) throw new HubError(errors.unknownChannel)
    return options
  }

  #clientsOf(
    user: string,
    { client, session }: { client?: string | undefined; session?: string | undefined },
  ): Client[] {
    // WebSocket connections have no session, so a call for one session meets none of them.
    const clients = [...this.#node.registry.clientsOf(user)]
    return clients.filter((each) => session === undefined && (client === undefined || each.id === client))
  }
}

function contentOf(data: unknown, { tags }: HubPublishOptions): Content {
  try {
    const json: string | undefined = JSON.stringify(data)
    if (json !== undefined) return new Content(json, undefined, tags)
  } catch {
    // Circular, or a bigint: no JSON value either.
  }
  throw new HubError(errors.badRequest)
}

/** What a close frame can carry, and what SDKs take for words and not for JSON. */
function isSendable(code: number, reason: string): boolean {
  if (!Number.isInteger(code) || code < 3000 || code > 4999 || Buffer.byteLength(reason) > 123) return false
  try {
    JSON.parse(reason)
    return false
  } catch {
    return true
  }
}

function present({ user, client, conn_info, chan_info }: ClientInfo): PresentClient {
  return {
    user,
    client,
    ...(conn_info !== undefined && { conn_info: JSON.parse(conn_info) as unknown }),
    ...(chan_info !== undefined && { chan_info: JSON.parse(chan_info) as unknown }),
  }
}

function presentPublication({ offset, content: { data, info, tags } }: Publication): HistoryPublication {
  return { data: JSON.parse(data) as unknown, offset, ...(info && { info: present(info) }), ...(tags && { tags }) }
}
