import { disconnects, errors } from './codes.ts'
import type { Outcome } from './client-commands.ts'
import { describe } from './subscribing.ts'
import type { Client } from './client.ts'
import { expiryOf, secondsToClose } from './expiry.ts'
import type { Requests, Results } from './protocol.ts'
import type { ConnectionClaims } from './tokens.ts'
import { version } from './version.ts'

export async function connect(
  client: Client,
  { token = '' }: Requests['connect'],
  reply: (result: Results['connect']) => void,
): Promise<Outcome> {
  const claims = await authenticate(client, token)
  if (client.isClosed) return undefined
  if (claims === 'invalid') return disconnects.invalidToken
  if (claims === 'missing') return disconnects.badRequest
  // [TOK8] Looked up after the wait for the verdict: a revocation meanwhile counts.
  if (claims === 'expired' || client.node.revoked.includes(claims)) return errors.tokenExpired
  if (hasTooManyConnections(client, claims.user)) return disconnects.connectionLimit
  const { pingIntervalSeconds } = client.node.options.client
  client.user = claims.user
  client.state = 'connected'
  client.node.registry.addClient(client)
  client.heartbeat.start()
  applyClaims(client, claims)
  reply({ client: client.id, version, ping: Math.ceil(pingIntervalSeconds), pong: true, ...expiryOf(claims.expireAt) })
  return undefined
}

export async function refresh(
  client: Client,
  { token = '' }: Requests['refresh'],
  reply: (result: Results['refresh']) => void,
): Promise<Outcome> {
  if (token === '') return disconnects.badRequest
  const verdict = await client.node.tokens.connection(token)
  if (client.isClosed) return undefined
  if (verdict === 'expired') return disconnects.connectionExpired
  if (verdict === 'invalid' || verdict.claims.user !== client.user) return disconnects.invalidToken
  if (client.node.revoked.includes(verdict.claims)) return disconnects.connectionExpired
  applyClaims(client, verdict.claims)
  reply({ client: client.id, version, ...expiryOf(verdict.claims.expireAt) })
  return undefined
}

const anonymous: ConnectionClaims = { user: '', info: undefined, expireAt: 0, issuedAt: Number.MAX_SAFE_INTEGER }

async function authenticate(
  client: Client,
  token: string,
): Promise<ConnectionClaims | 'expired' | 'invalid' | 'missing'> {
  if (token === '') return client.node.options.client.allowAnonymousConnectWithoutToken ? anonymous : 'missing'
  const verdict = await client.node.tokens.connection(token)
  return typeof verdict === 'string' ? verdict : verdict.claims
}

function hasTooManyConnections({ node }: Client, user: string): boolean {
  const { userConnectionLimit } = node.options.client
  return userConnectionLimit > 0 && user !== '' && node.registry.clientsOf(user).size >= userConnectionLimit
}

/** From here on stale is over, and the connection ends when its right does. */
function applyClaims(client: Client, { info, expireAt }: ConnectionClaims): void {
  client.connInfo = info
  for (const subscription of client.subscriptions.values()) describe(subscription, subscription.info.chan_info)
  client.setDeadline(secondsToClose(client, expireAt), disconnects.connectionExpired)
}
