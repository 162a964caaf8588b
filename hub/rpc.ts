import type { Client } from './client.ts'
import { errors, HubError, ReplyError } from './codes.ts'
import type { RpcHandler } from './options.ts'
import type { Json } from './protocol.ts'

/** Calls what the embedding program offers. What it throws on purpose is a `HubError`; anything else is a fault. [RPC2] */
export async function callRpc(
  client: Client,
  handler: RpcHandler,
  data: Json | Buffer | undefined,
): Promise<Json | undefined | ReplyError> {
  try {
    const given: unknown = typeof data === 'string' ? JSON.parse(data) : data
    const answer: unknown = await handler({ user: client.user, client: client.id }, given)
    return answer === undefined ? undefined : JSON.stringify(answer)
  } catch (error) {
    if (error instanceof HubError) return new ReplyError(error.code, error.message)
    client.node.logFailure(error, 'A handler of RPC failed.')
    return errors.internal
  }
}
