import { errors, HubError } from '../codes.ts'
import type { ApiCall, ApiContext } from './execute.ts'
import * as field from './fields.ts'
import type { Fields, RequestOf } from './fields.ts'
import type { JsonPart } from './json-part.ts'
import { presentHistory, presentPresence } from './present.ts'
import { broadcast, publicationFields, publish } from './publishing.ts'
import * as user from './user-methods.ts'

/** Understands a request, or throws a `MalformedRequest`. */
export type ApiMethod = (part: JsonPart) => ApiCall

const channelField = { channel: field.string }
const historyFields = {
  channel: field.string,
  limit: field.int32,
  since: field.object({ offset: field.uint64, epoch: field.string }),
  reverse: field.boolean,
}

/** In the order in which the commands of a batch are searched for them: the first one present counts. */
export const apiMethods = new Map<string, ApiMethod>([
  ['publish', method({ ...publicationFields, channel: field.string }, publish)],
  ['broadcast', method({ ...publicationFields, channels: field.strings }, broadcast)],
  ['subscribe', method(user.subscribeFields, user.subscribe)],
  ['unsubscribe', method(user.unsubscribeFields, user.unsubscribe)],
  ['disconnect', method(user.disconnectFields, user.disconnect)],
  ['history', method(historyFields, history)],
  ['history_remove', method(channelField, historyRemove)],
  ['presence', method(channelField, presence)],
  ['presence_stats', method(channelField, ({ hub }, { channel = '' }) => hub.presenceStats(channel))],
  ['info', method({}, ({ hub }) => hub.info())],
  ['rpc', method({ method: field.string, params: field.json }, rpc)],
  ['refresh', method(user.refreshFields, user.refresh)],
  ['channels', method({ pattern: field.string }, ({ hub }, { pattern = '' }) => hub.channels(pattern))],
])

function method<F extends Fields>(fields: F, call: (context: ApiContext, request: RequestOf<F>) => unknown): ApiMethod {
  const read = field.object(fields)
  return (part) => {
    const request = read(part)
    return (context) => call(context, request)
  }
}

function history(
  { hub }: ApiContext,
  { channel = '', limit = 0, since, reverse = false }: RequestOf<typeof historyFields>,
) {
  const position = since && { offset: 0, epoch: '', ...since }
  return presentHistory(hub.keptHistory(channel, { limit, reverse, ...(position && { since: position }) }))
}

function historyRemove({ hub }: ApiContext, { channel = '' }: RequestOf<typeof channelField>) {
  hub.historyRemove(channel)
  return {}
}

function presence({ hub }: ApiContext, { channel = '' }: RequestOf<typeof channelField>) {
  return presentPresence(hub.presentClients(channel))
}

/** Centrifugo's extensions are its own, so that no method is ever found. */
function rpc(_context: ApiContext, { method = '' }: { method?: string }): never {
  throw new HubError(method === '' ? errors.badRequest : errors.methodNotFound)
}
