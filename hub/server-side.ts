import { isWellNamed } from './channels.ts'
import type { Client } from './client.ts'
import { disconnects, errors, isRefusal, type Refusal } from './codes.ts'
import type { ChannelOptions } from './options.ts'
import { maySubscribe } from './permissions.ts'
import type { RecoverRequest, StreamPosition, SubscribeResult } from './protocol.ts'
import { admit, announceJoin, type Grant } from './subscribing.ts'
import type { ConnectionClaims, SubscriptionGrant } from './tokens.ts'

/** A subscription that the server makes, of a client or of all connections of a user. */
type Wanted = { options: ChannelOptions; grant: Grant }

/**
 * What the token says, the user's own channel, and those that the client had before it came back and may subscribe to by
 * itself. One of them that cannot be fails the whole connect. [SSS2] [SSS10]
 */
export function serverSideSubs(
  client: Client,
  claims: ConnectionClaims,
  before: readonly string[],
): Map<string, Wanted> | Refusal {
  const wanted = new Map<string, Wanted>()
  for (const [channel, grant] of claims.subs) {
    const options = optionsOf(client, channel, grant)
    if (isRefusal(options)) return options
    wanted.set(channel, { options, grant: { ...grant, expireAt: 0, serverSide: 'token' } })
  }
  const personal = personalChannel(client, claims.user)
  if (personal !== undefined && !wanted.has(personal)) {
    const options = optionsOf(client, personal)
    if (isRefusal(options)) return options
    wanted.set(personal, { options, grant: { expireAt: 0, serverSide: 'server' } })
  }
  for (const channel of before) {
    if (wanted.has(channel)) continue
    const options = client.node.channelOptions(channel)
    if (!options) return disconnects.badRequest
    if (options.isNotAvailable || !isWellNamed(channel, options) || !maySubscribe(client, channel, options)) continue
    wanted.set(channel, { options, grant: { expireAt: 0, serverSide: 'server' } })
  }
  return wanted.size > client.node.options.client.channelLimit ? disconnects.channelLimit : wanted
}

/** Never refuses: what was wrong with the channels was found before. */
export function subscribeServerSide(
  client: Client,
  wanted: Map<string, Wanted>,
  positions: Map<string, RecoverRequest>,
): Map<string, SubscribeResult> {
  const made = new Map<string, SubscribeResult>()
  for (const [channel, { options, grant }] of wanted) {
    const result = admit(client, channel, options, positions.get(channel) ?? {}, grant)
    if (!isRefusal(result)) made.set(channel, result)
  }
  return made
}

/** [SSS5] The channels of a token are made and ended at connect alone. */
export function hasSameSubs({ subscriptions }: Client, { subs }: ConnectionClaims): boolean {
  const made = [...subscriptions.values()].filter(({ serverSide }) => serverSide === 'token')
  return (
    made.every(({ channel }) => subs.has(channel)) && [...subs.keys()].every((channel) => subscriptions.has(channel))
  )
}

export type ServerSubscribeOptions = {
  grant: Grant
  override: SubscriptionGrant['override'] | undefined
  recoverSince: StreamPosition | undefined
}

/** Subscribes a client that is connected. One that has the channel keeps what it has. */
export function subscribeConnected(
  client: Client,
  channel: string,
  given: ServerSubscribeOptions,
): Refusal | undefined {
  if (client.subscriptions.has(channel)) return undefined
  const options = optionsOf(client, channel, { override: given.override })
  if (isRefusal(options)) return options
  if (client.subscriptions.size >= client.node.options.client.channelLimit) return disconnects.channelLimit
  const request = given.recoverSince ? { recover: true, ...given.recoverSince } : {}
  const result = admit(client, channel, options, request, given.grant)
  if (isRefusal(result)) return result
  const { publications = [], ...subscribe } = result
  client.send(client.codec.push(channel, { subscribe }))
  for (const pub of publications) client.send(client.codec.push(channel, { pub }))
  void announceJoin(client, channel)
  return undefined
}

function optionsOf(
  client: Client,
  channel: string,
  { override }: Partial<Pick<SubscriptionGrant, 'override'>> = {},
): ChannelOptions | Refusal {
  const options = client.node.channelOptions(channel)
  if (!options || channel === '') return errors.unknownChannel
  if (options.isNotAvailable) return errors.notAvailable
  return { ...options, ...override }
}

function personalChannel(client: Client, user: string): string | undefined {
  const { userPersonalChannel } = client.node.options.client
  if (!userPersonalChannel || user === '') return undefined
  const { namespace = '' } = userPersonalChannel
  return namespace === '' ? `#${user}` : `${namespace}:#${user}`
}
