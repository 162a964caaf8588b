import type { Client } from './client.ts'
import { errors, HubError, ReplyError } from './codes.ts'
import { jsonTextOf } from './json-text.ts'
import type { RpcHandler } from './options.ts'
import type { Json } from './protocol.ts'

/** Calls what the embedding program offers. What it throws on purpose is a `HubError`; anything else is a fault. [OTH5] */
export async function callRpc(
  client: Client,
  handler: RpcHandler,
  data: Json | Buffer | undefined,
): Promise<Json | undefined | ReplyError> {
  try {
    const json = typeof data === 'string' ? data : data && jsonTextOf(data)
    const given: unknown = json === undefined ? data : JSON.parse(json)
    const answer: unknown = await handler({ user: client.user, client: client.id }, given)
    return answer === undefined ? undefined : JSON.stringify(answer)
  } catch (error) {
    if (error instanceof HubError) return new ReplyError(error.code, error.message)
    client.node.logFailure(error, 'A handler of RPC failed.')
    return errors.internal
  }
}
