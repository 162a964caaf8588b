import { errors, HubError } from '../codes.ts'
import type { BroadcastResponse } from '../hub-types.ts'
import type { RawJson } from '../protocol.ts'
import { apiError } from './errors.ts'
import type { ApiContext } from './execute.ts'
import * as field from './fields.ts'
import type { RequestOf } from './fields.ts'

export const publicationFields = {
  data: field.json,
  b64data: field.string,
  skip_history: field.boolean,
  tags: field.stringMap,
  idempotency_key: field.string,
  delta: field.boolean,
  version: field.uint64,
  version_epoch: field.string,
}

type PublicationRequest = RequestOf<typeof publicationFields>

export function publish({ hub }: ApiContext, request: PublicationRequest & { channel?: string }) {
  return hub.publish(request.channel ?? '', payloadOf(request), optionsOf(request))
}

/** The answers are in the order of the channels. */
export async function broadcast({ hub, metrics }: ApiContext, request: PublicationRequest & { channels?: string[] }) {
  const { channels = [] } = request
  if (channels.length === 0) throw new HubError(errors.badRequest)
  const responses = await hub.broadcast(channels, payloadOf(request), optionsOf(request))
  const present = (response: BroadcastResponse) => {
    if ('result' in response) return response
    metrics.countApiError('broadcast_publish', response.error.code)
    return { error: apiError(response.error.code) }
  }
  return { responses: responses.map(present) }
}

function optionsOf(request: PublicationRequest) {
  const { skip_history = false, tags, idempotency_key, delta, version, version_epoch } = request
  return {
    skipHistory: skip_history,
    ...(tags && Object.keys(tags).length > 0 && { tags }),
    ...(idempotency_key && { idempotencyKey: idempotency_key }),
    // What is off here may still be on for the namespace.
    ...(delta && { delta }),
    ...(version && { version }),
    ...(version_epoch && { versionEpoch: version_epoch }),
  }
}

/** No bytes at all stand for no payload: some namespaces allow that. */
function payloadOf({ data, b64data }: PublicationRequest): RawJson | Buffer {
  return b64data ? decodeBase64(b64data) : (data ?? Buffer.alloc(0))
}

export function decodeBase64(text: string): Buffer {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new HubError(errors.badRequest)
  return Buffer.from(text, 'base64')
}
