import { disconnects, errors, isRefusal, type Refusal, unsubscribes } from './codes.ts'
import { isAscii } from './channels.ts'
import type { Outcome } from './client-commands.ts'
import { expiryOf, secondsToClose } from './client-connect.ts'
import type { Client } from './client.ts'
import type { ChannelOptions } from './options.ts'
import { mayReadHistory, maySeePresence, maySubscribe } from './permissions.ts'
import type { Json, Requests, Results, SubscribeResult } from './protocol.ts'
import { recover, type Recovery } from './recovery.ts'
import { Subscription } from './subscription.ts'
import type { SubscriptionClaims } from './tokens.ts'

type Request = Requests['subscribe']
type Reply = (result: SubscribeResult) => void

/** The request's `flag`: an error is wanted where the position cannot be recovered. */
const rejectUnrecovered = 2

/** What a right to subscribe brings along. */
type Grant = { expireAt: number; info?: Json | undefined; data?: Json | undefined }

export function subscribe(client: Client, request: Request, reply: Reply): Outcome | Promise<Outcome> {
  const { channel = '', token = '' } = request
  const options = checkRequest(client, channel, request)
  if (isRefusal(options)) return options
  if (token !== '') return subscribeWithToken(client, channel, token, options, request, reply)
  if (!maySubscribe(client, channel, options)) return errors.permissionDenied
  return admit(client, channel, options, request, { expireAt: 0 }, reply)
}

export function unsubscribe(
  client: Client,
  { channel = '' }: Requests['unsubscribe'],
  reply: (result: Results['unsubscribe']) => void,
) {
  if (channel === '') return disconnects.badRequest
  const subscription = client.subscriptions.get(channel)
  if (subscription) endSubscription(subscription)
  reply({})
  return undefined
}

export async function subRefresh(
  client: Client,
  { channel = '', token = '' }: Requests['sub_refresh'],
  reply: (result: Results['sub_refresh']) => void,
): Promise<Outcome> {
  if (channel === '') return disconnects.badRequest
  if (!client.subscriptions.has(channel)) return errors.permissionDenied
  if (token === '') return errors.badRequest
  const verdict = await client.node.tokens.subscription(token)
  const subscription = client.subscriptions.get(channel)
  if (client.isClosed) return undefined
  if (!subscription) return errors.permissionDenied
  if (verdict === 'expired') return errors.expiredRefreshToken
  if (verdict === 'invalid' || !isFor(verdict.claims, client, channel)) return disconnects.invalidToken
  if (client.node.revoked.includes(verdict.claims, channel)) return errors.expiredRefreshToken
  subscription.info = client.clientInfo(verdict.claims.info)
  expireSubscription(subscription, verdict.claims.expireAt)
  reply(expiryOf(verdict.claims.expireAt))
  return undefined
}

/** Takes a subscription out of everything; nobody but the channel is told. */
export function endSubscription(subscription: Subscription): void {
  const { client, channel, options } = subscription
  if (!client.subscriptions.delete(channel)) return
  subscription.expiry?.cancel()
  client.node.registry.removeSubscription(subscription)
  if (options.presence) client.node.presence.remove(channel, client.id)
  if (options.joinLeave) void client.node.fanOut.add(channel, { leave: subscription.info })
}

/** The order of these checks is Centrifugo's. [SUB2] */
function checkRequest(client: Client, channel: string, { type = 0, delta = '' }: Request): ChannelOptions | Refusal {
  const { channelMaxLength, channelLimit } = client.node.options.client
  if (channel === '' || (delta !== '' && delta !== 'fossil')) return disconnects.badRequest
  if (Buffer.byteLength(channel) > channelMaxLength) return errors.badRequest
  if (client.subscriptions.has(channel)) return errors.alreadySubscribed
  if (client.subscriptions.size >= channelLimit) return errors.limitExceeded
  const options = client.node.channelOptions(channel)
  if (!options) return errors.unknownChannel
  if (!isAscii(channel)) return errors.badRequest
  if (type !== 0) return type === 4 ? errors.notAvailable : errors.permissionDenied
  return options
}

async function subscribeWithToken(
  client: Client,
  channel: string,
  token: string,
  options: ChannelOptions,
  request: Request,
  reply: Reply,
): Promise<Outcome> {
  const verdict = await client.node.tokens.subscription(token)
  if (client.isClosed) return undefined
  if (verdict === 'invalid') return errors.permissionDenied
  if (verdict === 'expired') return errors.tokenExpired
  if (!isFor(verdict.claims, client, channel)) return disconnects.invalidToken
  if (client.node.revoked.includes(verdict.claims, channel)) return errors.tokenExpired
  return admit(client, channel, options, request, verdict.claims, reply)
}

function isFor(claims: SubscriptionClaims, client: Client, channel: string): boolean {
  return claims.channel === channel && claims.user === client.user && (claims.client ?? client.id) === client.id
}

/**
 * Reads the history, registers and replies, all in one step of the event loop: a publication comes either with the
 * reply or after it, never both and never neither. [SUB4]
 */
function admit(
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
  if (options.joinLeave) void node.fanOut.add(channel, { join: subscription.info })
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

function expireSubscription(subscription: Subscription, expireAt: number): void {
  const { client, channel } = subscription
  subscription.expiry?.cancel()
  subscription.expiry =
    expireAt === 0
      ? undefined
      : client.node.timers.after(secondsToClose(client, expireAt), () =>
          client.unsubscribe(channel, unsubscribes.expired),
        )
}
