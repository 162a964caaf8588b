import { disconnects, errors, isRefusal, type Refusal, ReplyError } from './codes.ts'
import { isAcceptable } from './publication-format.ts'
import { callRpc } from './rpc.ts'
import { connect, refresh } from './client-connect.ts'
import { subRefresh, subscribe, unsubscribe } from './client-subscribe.ts'
import { isWellNamed } from './channels.ts'
import type { Client } from './client.ts'
import type { ChannelOptions } from './options.ts'
import { mayPublish, mayReadHistory, maySeePresence } from './permissions.ts'
import { type Command, Content, type Method, type Requests, type Results } from './protocol.ts'

/** Why it was not done, or nothing when `reply` was called. */
export type Outcome = Refusal | undefined

/** `reply` is called at most once, in the same step of the event loop as the change that it tells of. */
export type Handler<M extends Method> = (
  client: Client,
  request: Requests[M],
  reply: (result: Results[M]) => void,
) => Outcome | Promise<Outcome>

/** Every method of the protocol; the compiler checks that none is missing. */
export const handlers: { readonly [M in Method]: Handler<M> } = {
  connect,
  subscribe,
  unsubscribe,
  publish,
  presence,
  presence_stats: presenceStats,
  history,
  rpc,
  send: () => disconnects.notAvailable,
  refresh,
  sub_refresh: subRefresh,
}

export function handle(client: Client, command: Command): Outcome | Promise<Outcome> {
  return handleAs(client, command.method, command.id, command.request)
}

function handleAs<M extends Method>(client: Client, method: M, id: number, request: Requests[M]) {
  return handlers[method](client, request, (result) => client.send(client.codec.reply(id, method, result)))
}

function publish(
  client: Client,
  { channel = '', data, type = 0 }: Requests['publish'],
  reply: (result: Results['publish']) => void,
) {
  const options = accessChannel(client, channel)
  if (isRefusal(options)) return options
  if (type !== 0) return errors.notAvailable
  if (data === undefined) return errors.badRequest
  if (!mayPublish(client, channel, options)) return errors.permissionDenied
  const content = new Content(data, { info: publisherInfo(client, channel) })
  if (!isAcceptable(content, options)) return errors.badRequest
  const { keptUp } = client.node.publish(channel, content, options)
  reply({})
  // The next command of this client waits until the channel's subscribers keep up.
  return keptUp?.then(() => undefined)
}

/** A subscriber publishes with what its subscription token says about it. */
const publisherInfo = (client: Client, channel: string) =>
  client.subscriptions.get(channel)?.info ?? client.clientInfo()

function presence(
  client: Client,
  { channel = '' }: Requests['presence'],
  reply: (result: Results['presence']) => void,
) {
  const refusal = accessPresence(client, channel)
  if (refusal) return refusal
  reply({ presence: client.node.presence.list(channel) })
  return undefined
}

function presenceStats(
  client: Client,
  { channel = '' }: Requests['presence_stats'],
  reply: (result: Results['presence_stats']) => void,
) {
  const refusal = accessPresence(client, channel)
  if (refusal) return refusal
  const { clients, users } = client.node.presence.stats(channel)
  reply({ num_clients: clients, num_users: users })
  return undefined
}

function accessPresence(client: Client, channel: string): Outcome {
  const options = accessChannel(client, channel)
  if (isRefusal(options)) return options
  if (!options.presence) return errors.notAvailable
  return maySeePresence(client, channel, options) ? undefined : errors.permissionDenied
}

function history(client: Client, request: Requests['history'], reply: (result: Results['history']) => void): Outcome {
  const { channel = '', since, reverse = false } = request
  const options = accessChannel(client, channel)
  if (isRefusal(options)) return options
  if (!options.historySize) return errors.notAvailable
  if (!mayReadHistory(client, channel, options)) return errors.permissionDenied
  const { offset = 0, epoch = '' } = since ?? {}
  if (since && reverse && offset === 0) return errors.badRequest
  const limit = boundedLimit(client, request.limit)
  const filter = { limit, reverse, ...(since && { since: { offset, epoch } }) }
  const { publications, position } = client.node.broker.history(channel, filter, options.historyMetaTtlSeconds)
  if (epoch !== '' && epoch !== position.epoch) return errors.unrecoverablePosition
  reply({ publications, ...position })
  return undefined
}

async function rpc(
  client: Client,
  { method = '', data }: Requests['rpc'],
  reply: (result: Results['rpc']) => void,
): Promise<Outcome> {
  const { rpc: methods } = client.node.options
  if (!methods) return errors.notAvailable
  const handler = methods.get(method)
  if (!handler) return errors.methodNotFound
  const outcome = await callRpc(client, handler, data)
  if (outcome instanceof ReplyError) return outcome
  if (!client.isClosed) reply(outcome === undefined ? {} : { data: outcome })
  return undefined
}

/** [HIS3] A negative limit asks for as much as there may be. */
function boundedLimit(client: Client, limit = 0): number {
  const { historyMaxPublicationLimit: max } = client.node.options.client
  if (max === 0) return limit < 0 ? Number.MAX_SAFE_INTEGER : limit
  return limit < 0 || limit > max ? max : limit
}

/** A missing channel makes the command malformed. */
function accessChannel(client: Client, channel: string): ChannelOptions | Refusal {
  if (channel === '') return disconnects.badRequest
  const options = client.node.channelOptions(channel)
  if (!options) return errors.unknownChannel
  if (!isWellNamed(channel, options)) return errors.badRequest
  return options.isNotAvailable ? errors.notAvailable : options
}
