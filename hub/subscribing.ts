import type { HistoryFilter } from './broker.ts'
import { asDeltas } from './delta.ts'
import type { Client } from './client.ts'
import { disconnects, errors, type ReplyError, unsubscribes } from './codes.ts'
import { expiryOf, secondsToClose } from './expiry.ts'
import type { ChannelOptions } from './options.ts'
import { mayReadHistory, maySeePresence } from './permissions.ts'
import type { Codec, Json, Requests, SubscribeResult } from './protocol.ts'
import { recover, recoverLatest, type Recovery } from './recovery.ts'
import { Subscription } from './subscription.ts'
import { type FilterNode, matches, parseFilter } from './tags-filter.ts'

type Request = Requests['subscribe']

/** The request's `flag`: an error is wanted where the position cannot be recovered. */
const rejectUnrecovered = 2

/** What a right to subscribe brings along. */
export type Grant = {
  /** Unix seconds, 0: never. */
  expireAt: number
  info?: Json | undefined
  data?: Json | undefined
  /** The server subscribes the client; `token`: because its connection token says so. */
  serverSide?: 'token' | 'server'
}

/**
 * Reads the history, registers and returns the reply, all in one step of the event loop, in which the caller sends it:
 * a publication comes either with the reply or after it, never both and never neither. [SUB4]
 */
export function admit(
  client: Client,
  channel: string,
  options: ChannelOptions,
  request: Request,
  grant: Grant,
): SubscribeResult | ReplyError {
  const { node } = client
  const wanted = grantedFeatures(client, channel, options, request)
  const filter = wantedFilter(options, request)
  if (filter === 'refused') return errors.badRequest
  const recovery = wanted.positioned
    ? findPosition(client, channel, options, { ...wanted, filter }, request)
    : undefined
  const wasRecovering = request.recover === true || wanted.recoversUnasked
  const isRejected = wanted.recoverable && options.forceRecoveryMode !== 'cache' && !recovery?.recovered
  if (request.recover && isRejected && (request.flag ?? 0) & rejectUnrecovered) {
    return errors.unrecoverablePosition
  }
  const subscription = new Subscription({
    client,
    channel,
    options,
    info: client.clientInfo(grant.info),
    position: recovery && { ...recovery.position },
    filter,
    receivesJoinLeave: wanted.joinLeave,
    receivesDeltas: wanted.delta,
    serverSide: grant.serverSide,
    sequence: node.fanOut.sequence,
  })
  // After a recovery the client has the latest publication, which the next one can be the difference to.
  if (recovery?.recovered) subscription.hasReceived(recovery.publications.at(-1)?.content)
  client.subscriptions.set(channel, subscription)
  node.registry.addSubscription(subscription)
  if (options.presence) node.presence.add(channel, subscription.info)
  expireSubscription(subscription, grant.expireAt)
  return {
    ...(grant.serverSide === undefined && expiryOf(grant.expireAt)),
    ...(recovery && positionMembers(filtered(recovery, filter), request, wanted.delta ? client.codec : undefined)),
    positioned: wanted.positioned,
    recoverable: wanted.recoverable,
    was_recovering: wasRecovering,
    delta: wanted.delta,
    ...(grant.data !== undefined && { data: grant.data }),
  }
}

/**
 * After the reply, so that the joiner sees itself join. The reply may have been too much for a slow client. The promise,
 * if there is one, resolves when the channel's subscribers keep up. [PRE5]
 */
export function announceJoin(client: Client, channel: string): Promise<void> | undefined {
  const subscription = client.subscriptions.get(channel)
  if (!subscription?.options.joinLeave) return undefined
  client.node.metrics.messagesSent.join++
  return client.node.fanOut.add(channel, { join: subscription.info })
}

/** What a client asks for and may not have is off without a word. [SUB6] */
function grantedFeatures(client: Client, channel: string, options: ChannelOptions, request: Request) {
  // Who subscribes has the rights of a subscriber.
  const readsHistory = mayReadHistory(client, channel, options, true)
  const keepsHistory = (options.historySize ?? 0) > 0
  const recoverable =
    keepsHistory && (options.forceRecovery || (request.recoverable && (options.allowRecovery || readsHistory))) === true
  const positioned =
    keepsHistory &&
    (options.forcePositioning || (request.positioned && (options.allowPositioning || readsHistory))) === true
  const joinLeave =
    options.joinLeave === true &&
    (options.forcePushJoinLeave || (request.join_leave && maySeePresence(client, channel, options, true))) === true
  return {
    recoverable,
    positioned: positioned || recoverable,
    joinLeave,
    // A filter leaves holes, so the publication before is not the one that was received.
    delta: request.delta === 'fossil' && !request.tf && options.allowedDeltaTypes?.includes('fossil') === true,
    recoversUnasked: recoverable && options.forceRecoveryMode === 'cache' && options.autoCacheRecover === true,
  }
}

function wantedFilter(options: ChannelOptions, { tf }: Request): FilterNode | undefined | 'refused' {
  if (tf === undefined) return undefined
  return (options.allowTagsFilter && parseFilter(tf)) || 'refused'
}

function findPosition(
  client: Client,
  channel: string,
  { forceRecoveryMode, historyMetaTtlSeconds }: ChannelOptions,
  wanted: { recoverable: boolean; recoversUnasked: boolean; filter: FilterNode | undefined },
  request: Request,
): Recovery {
  const { broker, options } = client.node
  const history = (filter: HistoryFilter) => broker.history(channel, filter, historyMetaTtlSeconds)
  if (!wanted.recoverable || !(request.recover || wanted.recoversUnasked)) {
    const { position } = history({ limit: 0 })
    return { recovered: false, publications: [], position }
  }
  const since = { offset: request.offset ?? 0, epoch: request.epoch ?? '' }
  const recovery =
    forceRecoveryMode === 'cache'
      ? recoverLatest(history, since, options.client.recoveryMaxPublicationLimit, wanted.filter)
      : recover(history, since, options.client.recoveryMaxPublicationLimit)
  client.node.metrics.countRecovery(recovery.recovered, recovery.publications.length > 0)
  return recovery
}

function filtered(recovery: Recovery, filter: FilterNode | undefined): Recovery {
  if (!filter) return recovery
  return { ...recovery, publications: recovery.publications.filter(({ content }) => matches(filter, content.tags)) }
}

/** After a recovery the offset is the request's: the client moves on while it applies the publications. [REC1] */
function positionMembers({ recovered, publications, position }: Recovery, request: Request, delta?: Codec) {
  return {
    epoch: position.epoch,
    offset: recovered ? (request.offset ?? 0) : position.offset,
    recovered,
    publications: delta ? asDeltas(publications, delta) : publications,
  }
}

export function expireSubscription(subscription: Subscription, expireAt: number): void {
  const { client, channel, serverSide } = subscription
  subscription.expiry?.cancel()
  subscription.expiry =
    expireAt === 0
      ? undefined
      : client.node.timers.after(secondsToClose(client, expireAt), () =>
          serverSide
            ? client.disconnect(disconnects.subscriptionExpired)
            : client.unsubscribe(channel, unsubscribes.expired),
        )
}

/** What others see of the client in this channel, after one of its tokens was replaced. */
export function describe(subscription: Subscription, chanInfo: Json | undefined): void {
  const { client, channel, options } = subscription
  subscription.info = client.clientInfo(chanInfo)
  if (options.presence) client.node.presence.add(channel, subscription.info)
}

/** Takes a subscription out of everything; nobody but the channel is told. The promise is as above. */
export function endSubscription(subscription: Subscription): Promise<void> | undefined {
  const { client, channel, options } = subscription
  if (!client.subscriptions.delete(channel)) return undefined
  subscription.hasEnded = true
  subscription.expiry?.cancel()
  client.node.registry.removeSubscription(subscription)
  if (options.presence) client.node.presence.remove(channel, client.id)
  if (!options.joinLeave) return undefined
  client.node.metrics.messagesSent.leave++
  return client.node.fanOut.add(channel, { leave: subscription.info })
}
