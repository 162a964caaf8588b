import type { Outcome } from './client-commands.ts'
import type { Client } from './client.ts'
import { errors, unsubscribes } from './codes.ts'
import { expiryOf, secondsToClose } from './expiry.ts'
import type { ChannelOptions } from './options.ts'
import { mayReadHistory, maySeePresence } from './permissions.ts'
import type { Json, Requests, SubscribeResult } from './protocol.ts'
import { recover, type Recovery } from './recovery.ts'
import { Subscription } from './subscription.ts'

type Request = Requests['subscribe']
type Reply = (result: SubscribeResult) => void

/** The request's `flag`: an error is wanted where the position cannot be recovered. */
const rejectUnrecovered = 2

/** What a right to subscribe brings along. */
type Grant = { expireAt: number; info?: Json | undefined; data?: Json | undefined }

/**
 * Reads the history, registers and replies, all in one step of the event loop: a publication comes either with the
 * reply or after it, never both and never neither. [SUB4]
 */
export function admit(
  client: Client,
  channel: string,
  options: ChannelOptions,
  request: Request,
  grant: Grant,
  reply: Reply,
): Outcome {
  const { node } = client
  const wanted = grantedFeatures(client, channel, options, request)
  const recovery = wanted.positioned ? findPosition(client, channel, wanted.recoverable, request) : undefined
  const isRecovering = request.recover === true
  if (isRecovering && wanted.recoverable && !recovery?.recovered && (request.flag ?? 0) & rejectUnrecovered) {
    return errors.unrecoverablePosition
  }
  const subscription = new Subscription({
    client,
    channel,
    options,
    info: client.clientInfo(grant.info),
    position: recovery && { ...recovery.position },
    receivesJoinLeave: wanted.joinLeave,
    sequence: node.fanOut.sequence,
  })
  client.subscriptions.set(channel, subscription)
  node.registry.addSubscription(subscription)
  if (options.presence) node.presence.add(channel, subscription.info)
  expireSubscription(subscription, grant.expireAt)
  reply({
    ...expiryOf(grant.expireAt),
    ...(recovery && positionMembers(recovery, request)),
    positioned: wanted.positioned,
    recoverable: wanted.recoverable,
    was_recovering: isRecovering,
    ...(grant.data !== undefined && { data: grant.data }),
  })
  // The reply may have been what was too much for a slow client.
  if (options.joinLeave && !client.isClosed) void node.fanOut.add(channel, { join: subscription.info })
  return undefined
}

/** What a client asks for and may not have is off without a word. [SUB6] */
function grantedFeatures(client: Client, channel: string, options: ChannelOptions, request: Request) {
  const readsHistory = mayReadHistory(client, channel, options)
  const keepsHistory = (options.historySize ?? 0) > 0
  const recoverable =
    keepsHistory && (options.forceRecovery || (request.recoverable && (options.allowRecovery || readsHistory))) === true
  const positioned =
    keepsHistory &&
    (options.forcePositioning || (request.positioned && (options.allowPositioning || readsHistory))) === true
  const joinLeave =
    options.joinLeave === true &&
    (options.forcePushJoinLeave || (request.join_leave && maySeePresence(client, channel, options))) === true
  return { recoverable, positioned: positioned || recoverable, joinLeave }
}

function findPosition(client: Client, channel: string, recoverable: boolean, request: Request): Recovery {
  const { broker, options } = client.node
  if (!recoverable || !request.recover) {
    return { recovered: false, publications: [], position: broker.history(channel, { limit: 0 }).position }
  }
  const since = { offset: request.offset ?? 0, epoch: request.epoch ?? '' }
  return recover(broker, channel, since, options.client.recoveryMaxPublicationLimit)
}

/** After a recovery the offset is the request's: the client moves on while it applies the publications. [REC1] */
function positionMembers({ recovered, publications, position }: Recovery, request: Request) {
  return { epoch: position.epoch, offset: recovered ? (request.offset ?? 0) : position.offset, recovered, publications }
}

export function expireSubscription(subscription: Subscription, expireAt: number): void {
  const { client, channel } = subscription
  subscription.expiry?.cancel()
  subscription.expiry =
    expireAt === 0
      ? undefined
      : client.node.timers.after(secondsToClose(client, expireAt), () =>
          client.unsubscribe(channel, unsubscribes.expired),
        )
}

/** What others see of the client in this channel, after one of its tokens was replaced. */
export function describe(subscription: Subscription, chanInfo: Json | undefined): void {
  const { client, channel, options } = subscription
  subscription.info = client.clientInfo(chanInfo)
  if (options.presence) client.node.presence.add(channel, subscription.info)
}

/** Takes a subscription out of everything; nobody but the channel is told. */
export function endSubscription(subscription: Subscription): void {
  const { client, channel, options } = subscription
  if (!client.subscriptions.delete(channel)) return
  subscription.hasEnded = true
  subscription.expiry?.cancel()
  client.node.registry.removeSubscription(subscription)
  if (options.presence) client.node.presence.remove(channel, client.id)
  if (options.joinLeave) void client.node.fanOut.add(channel, { leave: subscription.info })
}
