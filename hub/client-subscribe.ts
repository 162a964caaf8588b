import { isWellNamed } from './channels.ts'
import type { Outcome } from './client-commands.ts'
import type { Client } from './client.ts'
import { disconnects, errors, isRefusal, type Refusal } from './codes.ts'
import { expiryOf } from './expiry.ts'
import type { ChannelOptions } from './options.ts'
import { maySubscribe } from './permissions.ts'
import type { Requests, Results, SubscribeResult } from './protocol.ts'
import { admit, announceJoin, describe, endSubscription, expireSubscription, type Grant } from './subscribing.ts'
import type { SubscriptionClaims } from './tokens.ts'

type Request = Requests['subscribe']
type Reply = (result: SubscribeResult) => void

export function subscribe(client: Client, request: Request, reply: Reply): Outcome | Promise<Outcome> {
  const { channel = '', token = '' } = request
  const options = checkRequest(client, channel, request)
  if (isRefusal(options)) return options
  if (token !== '') return subscribeWithToken(client, channel, token, options, request, reply)
  if (!maySubscribe(client, channel, options)) return errors.permissionDenied
  return enter(client, options, request, { expireAt: 0 }, reply)
}

function enter(
  client: Client,
  options: ChannelOptions,
  request: Request,
  grant: Grant,
  reply: Reply,
): Outcome | Promise<Outcome> {
  const { channel = '' } = request
  const result = admit(client, channel, options, request, grant)
  if (isRefusal(result)) return result
  reply(result)
  return announceJoin(client, channel)?.then(() => undefined)
}

export function unsubscribe(
  client: Client,
  { channel = '' }: Requests['unsubscribe'],
  reply: (result: Results['unsubscribe']) => void,
) {
  if (channel === '') return disconnects.badRequest
  const subscription = client.subscriptions.get(channel)
  const told = subscription && endSubscription(subscription)
  reply({})
  return told?.then(() => undefined)
}

export async function subRefresh(
  client: Client,
  { channel = '', token = '' }: Requests['sub_refresh'],
  reply: (result: Results['sub_refresh']) => void,
): Promise<Outcome> {
  if (channel === '') return disconnects.badRequest
  if (!client.subscriptions.has(channel)) return errors.permissionDenied
  if (token === '') return errors.badRequest
  const verdict = await client.node.subscriptionTokens.subscription(token)
  const subscription = client.subscriptions.get(channel)
  if (client.isClosed) return undefined
  if (!subscription) return errors.permissionDenied
  if (verdict === 'expired') return errors.expiredRefreshToken
  if (verdict === 'invalid' || !isFor(verdict.claims, client, channel)) return disconnects.invalidToken
  if (client.node.revoked.includes(verdict.claims, channel)) return errors.expiredRefreshToken
  describe(subscription, verdict.claims.info)
  expireSubscription(subscription, verdict.claims.expireAt)
  reply(expiryOf(verdict.claims.expireAt))
  return undefined
}

/** The order of these checks is Centrifugo's. [SUB2] */
function checkRequest(client: Client, channel: string, { type = 0, delta = '' }: Request): ChannelOptions | Refusal {
  const { channelMaxLength } = client.node.options.client
  if (channel === '' || (delta !== '' && delta !== 'fossil')) return disconnects.badRequest
  if (Buffer.byteLength(channel) > channelMaxLength) return errors.badRequest
  const refusal = checkPlace(client, channel)
  if (refusal) return refusal
  const options = client.node.channelOptions(channel)
  if (!options) return errors.unknownChannel
  if (options.isNotAvailable) return errors.notAvailable
  if (!isWellNamed(channel, options)) return errors.badRequest
  if (type !== 0) return type === 4 ? errors.notAvailable : errors.permissionDenied
  return options
}

function checkPlace({ subscriptions, node }: Client, channel: string): Refusal | undefined {
  if (subscriptions.has(channel)) return errors.alreadySubscribed
  return subscriptions.size >= node.options.client.channelLimit ? errors.limitExceeded : undefined
}

async function subscribeWithToken(
  client: Client,
  channel: string,
  token: string,
  options: ChannelOptions,
  request: Request,
  reply: Reply,
): Promise<Outcome> {
  const subscribing: Client['subscribing'] = { channel, isForbidden: false }
  client.subscribing = subscribing
  const verdict = await client.node.subscriptionTokens.subscription(token)
  client.subscribing = undefined
  if (client.isClosed) return undefined
  if (verdict === 'invalid') return errors.permissionDenied
  if (verdict === 'expired') return errors.tokenExpired
  if (!isFor(verdict.claims, client, channel)) return disconnects.invalidToken
  if (client.node.revoked.includes(verdict.claims, channel)) return errors.tokenExpired
  if (subscribing.isForbidden) return errors.permissionDenied
  // The server may have subscribed the client meanwhile.
  const refusal = checkPlace(client, channel)
  if (refusal) return refusal
  const { override, ...grant } = verdict.claims
  return enter(client, { ...options, ...override }, request, grant, reply)
}

function isFor(claims: SubscriptionClaims, client: Client, channel: string): boolean {
  return claims.channel === channel && claims.user === client.user && (claims.client ?? client.id) === client.id
}
