import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Client } from './client.ts'
import { Disconnect, disconnects, errors, HubError, isRefusal, Unsubscribe, unsubscribes } from './codes.ts'
import type {
  BroadcastResponse,
  DisconnectOptions,
  HistoryOptions,
  HistoryResult,
  HubPublishOptions,
  KeptHistory,
  Payload,
  PresentClient,
  PublishResult,
  RefreshOptions,
  SubscribeOptions,
  UnsubscribeOptions,
} from './hub-types.ts'
import { handleEmulation, handleHttpStream, handleSse } from './http-handlers.ts'
import type { Metrics } from './metrics.ts'
import { Node } from './node.ts'
import { resolveOptions } from './options-resolve.ts'
import type { HubOptions } from './options.ts'
import { contentOf, jsonOf, present, presentPublication } from './present.ts'
import type { ClientInfo, Content } from './protocol.ts'
import { isAcceptable } from './publication-format.ts'
import { subscribeConnected } from './server-side.ts'
import { shutDown } from './shutdown.ts'
import { describe } from './subscribing.ts'
import { secondsToClose } from './expiry.ts'
import type { Revocation } from './tokens.ts'
import { WebSocketTransports } from './transport-websocket.ts'
import { version } from './version.ts'

/** Channels of one broadcast per turn of the event loop: some 5 ms, then everybody else gets theirs. */
const channelsPerTurn = 2_000

/**
 * A real-time server of the Centrifugo protocol within this process. Server calls know no permissions; channels are
 * checked for being known alone. Refused calls throw, or reject with, a `HubError`.
 */
export class Hub {
  readonly #node: Node
  readonly #transports: WebSocketTransports
  #ended: Promise<void> | undefined

  constructor(options: HubOptions) {
    this.#node = new Node(resolveOptions(options))
    this.#transports = new WebSocketTransports(this.#node)
  }

  /** What was counted since the start, for whoever shows it. */
  get metrics(): Metrics {
    return this.#node.metrics
  }

  /** For a server's `upgrade` event, on the path that is the hub's. Never throws; takes over the socket. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#transports.handleUpgrade(request, socket, head)
  }

  /** For `POST /connection/http_stream`. Never rejects; answers every request, those of other methods too. */
  async handleHttpStream(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await handleHttpStream(this.#node, request, response)
  }

  /** For `GET` and `POST /connection/sse`, in the same way. */
  async handleSse(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await handleSse(this.#node, request, response)
  }

  /** For `POST /emulation`, which clients of the two send their commands to. */
  async handleEmulation(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await handleEmulation(this.#node, request, response)
  }

  /**
   * Sends a payload to all subscribers of a channel. In a channel the order of calls is the order of arrival.
   * Resolves when it is on its way, later when subscribers cannot keep up.
   */
  async publish(channel: string, data: Payload, options: HubPublishOptions = {}): Promise<PublishResult> {
    const { result, keptUp } = this.#publish(channel, contentOf(data, options), options)
    if (keptUp) await keptUp
    return result
  }

  /**
   * The same to many channels, encoded once. The answers are in the order of the channels. More than some thousands
   * are done in slices, between which other calls are done.
   */
  async broadcast(
    channels: readonly string[],
    data: Payload,
    options: HubPublishOptions = {},
  ): Promise<BroadcastResponse[]> {
    const content = contentOf(data, options)
    const backlogs: Array<Promise<void>> = []
    const responses: BroadcastResponse[] = []
    for (const channel of channels) {
      if (responses.length > 0 && responses.length % channelsPerTurn === 0) await nextTurn()
      responses.push(this.#broadcastTo(channel, content, options, backlogs))
    }
    if (backlogs.length > 0) await Promise.all(backlogs)
    return responses
  }

  /** Subscribes a user's connections to a channel, without asking for permission. Those who have it keep what they have. */
  subscribe(user: string, channel: string, options: SubscribeOptions = {}): void {
    this.#optionsOf(channel)
    const { expireAt = 0, info, data, override, recoverSince } = options
    const grant = { expireAt, info: jsonOf(info), data: jsonOf(data), serverSide: 'server' as const }
    for (const client of this.#node.clientsOf(user, options)) {
      const refusal = subscribeConnected(client, channel, { grant, override, recoverSince })
      if (refusal instanceof Disconnect) client.disconnect(refusal)
      else if (isRefusal(refusal)) throw new HubError(refusal)
    }
  }

  /** Takes a channel away from a user's connections and tells them so. */
  unsubscribe(user: string, channel: string, options: UnsubscribeOptions = {}): void {
    const { code = unsubscribes.server.code, reason = unsubscribes.server.reason } = options
    this.#optionsOf(channel)
    if (!Number.isInteger(code) || code < 2000 || code > 2999) throw new HubError(errors.badRequest)
    for (const each of this.#node.clientsOf(user, options)) each.unsubscribe(channel, new Unsubscribe(code, reason))
  }

  /** Ends a user's connections. */
  disconnect(user: string, options: DisconnectOptions = {}): void {
    const { code = disconnects.forceDisconnect.code, reason = disconnects.forceDisconnect.reason } = options
    if (!isSendable(code, reason)) throw new HubError(errors.badRequest)
    for (const each of this.#node.clientsOf(user, options)) {
      if (!options.whitelist?.includes(each.id)) each.disconnect(new Disconnect(code, reason))
    }
  }

  /** Prolongs or ends a user's connections, as a new token of theirs would. */
  refresh(user: string, options: RefreshOptions = {}): void {
    for (const each of this.#node.clientsOf(user, options)) refreshClient(each, options)
  }

  /**
   * Refuses older tokens from now on, as if they had expired, so that clients ask for new ones. Connections and
   * subscriptions that were made with them stay: end them with `disconnect` and `unsubscribe`.
   */
  revokeTokens(revocation: Revocation): void {
    this.#node.revoked.add(revocation)
  }

  presence(channel: string): { presence: Record<string, PresentClient> } {
    return {
      presence: Object.fromEntries(Array.from(this.presentClients(channel), ([id, info]) => [id, present(info)])),
    }
  }

  /** Who subscribes, by client id. */
  presentClients(channel: string): ReadonlyMap<string, ClientInfo> {
    if (!this.#optionsOf(channel).presence) throw new HubError(errors.notAvailable)
    return this.#node.presence.list(channel)
  }

  presenceStats(channel: string): { num_clients: number; num_users: number } {
    if (!this.#optionsOf(channel).presence) throw new HubError(errors.notAvailable)
    const { clients, users } = this.#node.presence.stats(channel)
    return { num_clients: clients, num_users: users }
  }

  history(channel: string, options: HistoryOptions = {}): HistoryResult {
    const { publications, ...position } = this.keptHistory(channel, options)
    return { publications: publications.map(presentPublication), ...position }
  }

  keptHistory(channel: string, { limit = 0, since, reverse = false }: HistoryOptions = {}): KeptHistory {
    const { historySize, historyMetaTtlSeconds } = this.#optionsOf(channel)
    if (!historySize) throw new HubError(errors.notAvailable)
    if (since && reverse && since.offset === 0) throw new HubError(errors.badRequest)
    const filter = { reverse, ...(limit >= 0 && { limit }), ...(since && { since }) }
    const { publications, position } = this.#node.broker.history(channel, filter, historyMetaTtlSeconds)
    if (since && since.epoch !== '' && since.epoch !== position.epoch) throw new HubError(errors.unrecoverablePosition)
    return { publications, ...position }
  }

  /** Drops a channel's publications; its offset and epoch stay. */
  historyRemove(channel: string): void {
    if (!this.#optionsOf(channel).historySize) throw new HubError(errors.notAvailable)
    this.#node.broker.removeHistory(channel)
  }

  /** The channels that somebody subscribes to; `*` in the pattern stands for anything. */
  channels(pattern = ''): { channels: Record<string, { num_clients: number }> } {
    const found = this.#node.registry.channels(pattern)
    return { channels: Object.fromEntries(found.map(([channel, count]) => [channel, { num_clients: count }])) }
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
    return (this.#ended ??= shutDown(this.#node, graceSeconds))
  }

  #broadcastTo(
    channel: string,
    content: Content,
    options: HubPublishOptions,
    backlogs: Array<Promise<void>>,
  ): BroadcastResponse {
    try {
      const { result, keptUp } = this.#publish(channel, content, options)
      if (keptUp) backlogs.push(keptUp)
      return { result }
    } catch (error) {
      return { error: this.#asError(error) }
    }
  }

  #publish(channel: string, content: Content, options: HubPublishOptions) {
    const channelOptions = this.#optionsOf(channel)
    if (!isAcceptable(content, channelOptions)) throw new HubError(errors.badRequest)
    const { position, keptUp } = this.#node.publish(channel, content, channelOptions, options)
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
    if (options.isNotAvailable) throw new HubError(errors.notAvailable)
    return options
  }
}

function refreshClient(client: Client, { expired, expireAt = 0, info }: RefreshOptions): void {
  if (expired) return client.disconnect(disconnects.connectionExpired)
  if (info !== undefined) {
    client.connInfo = jsonOf(info)
    for (const subscription of client.subscriptions.values()) describe(subscription, subscription.info.chan_info)
  }
  const seconds = client.node.options.client.insecure ? 0 : secondsToClose(client, expireAt)
  client.setDeadline(seconds, disconnects.connectionExpired)
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
