import type { Outcome } from './client-commands.ts'
import type { Client } from './client.ts'
import { disconnects, errors, isRefusal } from './codes.ts'
import { expiryOf, secondsToClose } from './expiry.ts'
import type { Requests, Results } from './protocol.ts'
import { hasSameSubs, serverSideSubs, subscribeServerSide } from './server-side.ts'
import { announceJoin, describe } from './subscribing.ts'
import type { ConnectionClaims } from './tokens.ts'
import { version } from './version.ts'

export async function connect(
  client: Client,
  { token = '', subs = new Map() }: Requests['connect'],
  reply: (result: Results['connect']) => void,
): Promise<Outcome> {
  const claims = await authenticate(client, token)
  if (client.isClosed) return undefined
  if (claims === 'invalid') return disconnects.invalidToken
  if (claims === 'missing') return disconnects.badRequest
  // [TOK8] Looked up after the wait for the verdict: a revocation meanwhile counts.
  if (claims === 'expired' || client.node.revoked.includes(claims)) return errors.tokenExpired
  if (hasTooManyConnections(client, claims.user)) return disconnects.connectionLimit
  client.user = claims.user
  const wanted = serverSideSubs(client, claims, [...subs.keys()])
  if (isRefusal(wanted)) return wanted
  client.state = 'connected'
  client.node.registry.addClient(client)
  client.transport.metrics.accepted++
  client.transport.metrics.connected++
  client.heartbeat.start()
  applyClaims(client, claims)
  const made = subscribeServerSide(client, wanted, subs)
  reply({ ...description(client), ...expiryOf(endOf(client, claims)), ...(made.size > 0 && { subs: made }) })
  const told = Array.from(made.keys(), (channel) => announceJoin(client, channel))
  if (client.node.options.client.userPersonalChannel?.isSingleConnection) endOtherConnections(client)
  await Promise.all(told.filter((each) => each !== undefined))
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
  if (!hasSameSubs(client, verdict.claims)) return disconnects.insufficientState
  applyClaims(client, verdict.claims)
  reply({ client: client.id, version, ...expiryOf(endOf(client, verdict.claims)) })
  return undefined
}

const anonymous: ConnectionClaims = {
  user: '',
  info: undefined,
  expireAt: 0,
  issuedAt: Number.MAX_SAFE_INTEGER,
  subs: new Map(),
  meta: undefined,
}

async function authenticate(
  client: Client,
  token: string,
): Promise<ConnectionClaims | 'expired' | 'invalid' | 'missing'> {
  const { allowAnonymousConnectWithoutToken, insecure } = client.node.options.client
  if (token === '') return allowAnonymousConnectWithoutToken || insecure ? anonymous : 'missing'
  const verdict = await client.node.tokens.connection(token)
  return typeof verdict === 'string' ? verdict : verdict.claims
}

function hasTooManyConnections({ node }: Client, user: string): boolean {
  const { userConnectionLimit } = node.options.client
  return userConnectionLimit > 0 && user !== '' && node.registry.clientsOf(user).size >= userConnectionLimit
}

function description(client: Client) {
  const { node, session } = client
  const { pingIntervalSeconds, connectIncludeServerTime } = node.options.client
  return {
    client: client.id,
    version,
    ping: Math.ceil(pingIntervalSeconds),
    pong: true,
    ...(session !== undefined && { session, node: node.id }),
    ...(connectIncludeServerTime && { time: Date.now() }),
  }
}

/** [SSS6] The newest connection stays. */
function endOtherConnections(client: Client): void {
  if (client.user === '') return
  for (const each of client.node.clientsOf(client.user)) {
    if (each !== client) each.disconnect(disconnects.connectionLimit)
  }
}

/** [CON13] */
const endOf = ({ node }: Client, { expireAt }: ConnectionClaims) => (node.options.client.insecure ? 0 : expireAt)

/** From here on stale is over, and the connection ends when its right does. */
function applyClaims(client: Client, claims: ConnectionClaims): void {
  // A token without info says nothing about it.
  if (claims.info !== undefined) client.connInfo = claims.info
  for (const subscription of client.subscriptions.values()) describe(subscription, subscription.info.chan_info)
  client.setDeadline(secondsToClose(client, endOf(client, claims)), disconnects.connectionExpired)
}
