import type { TestContext } from 'node:test'
import { type ClientOptions, WebSocket } from 'ws'
import { errorCode, type Message, RawClient, refusedUpgrade as refused } from '../raw.ts'
import type { ServerUnderTest } from './server.ts'
import { channelToken, type Claims, connectionToken } from './tokens.ts'

export { errorCode, type Message, RawClient }

type Target = Pick<ServerUnderTest, 'wsUrl'>

/** A socket that has sent nothing. */
export async function openRaw(
  t: TestContext,
  { wsUrl }: Target,
  options: ClientOptions = {},
  protocols: string[] = [],
) {
  const socket = new WebSocket(wsUrl, protocols, options)
  const client = new RawClient(socket)
  t.after(() => socket.terminate())
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return client
}

/** Connected with a good token. */
export async function connectRaw(t: TestContext, server: Target, user: string, claims: Claims = {}) {
  const client = await openRaw(t, server)
  const reply = await client.call('connect', { token: await connectionToken(user, claims) })
  if (!reply['connect']) throw new Error(`Not connected: ${JSON.stringify(reply)}`)
  return client
}

/** The id that the server gave a client that connects now. */
export async function connectRawAs(t: TestContext, server: Target, user: string, claims: Claims = {}) {
  const client = await openRaw(t, server)
  const { client: id } = (await client.ask('connect', { token: await connectionToken(user, claims) })) as {
    client: string
  }
  return { client, id }
}

/** With a token for the channel; returns the result. */
export async function subscribeWithToken(client: RawClient, user: string, channel: string, request: object = {}) {
  return client.subscribe(channel, { token: await channelToken(user, channel), ...request })
}

export function refusedUpgrade({ wsUrl }: Target, options: ClientOptions = {}): Promise<number> {
  return refused({ url: wsUrl }, options)
}

export const isPing = (message: Message) => Object.keys(message).length === 0

export const pub = (push: Message) => push['pub'] as { data: unknown; offset?: number; [key: string]: unknown }

/** The payload of the next publication. */
export async function nextData(client: RawClient): Promise<unknown> {
  return pub((await client.next(({ push }) => push !== undefined && 'pub' in (push as object)))['push'] as Message).data
}
