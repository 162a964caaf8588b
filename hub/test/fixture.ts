import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { Centrifuge, type Options } from 'centrifuge'
import { SignJWT } from 'jose'
import { WebSocket } from 'ws'
import { Hub, type HubOptions, type Namespace } from '../index.ts'

export const secret = 'a secret of the tests'

/** As a messenger has them, and some for single rules. */
export const namespaces: Namespace[] = [
  {
    name: 'personal',
    historySize: 300,
    historyTtlSeconds: 600,
    forceRecovery: true,
    presence: true,
    allowUserLimitedChannels: true,
  },
  { name: 'room', historySize: 5, historyTtlSeconds: 600, forceRecovery: true },
  {
    name: 'here',
    presence: true,
    joinLeave: true,
    forcePushJoinLeave: true,
    allowPublishForSubscriber: true,
    allowPresenceForSubscriber: true,
  },
  {
    name: 'open',
    historySize: 10,
    historyTtlSeconds: 600,
    presence: true,
    joinLeave: true,
    allowSubscribeForClient: true,
    allowPublishForClient: true,
    allowHistoryForClient: true,
    allowPresenceForClient: true,
  },
  { name: 'plain', allowSubscribeForClient: true, allowPublishForClient: true },
  {
    name: 'cache',
    historySize: 5,
    historyTtlSeconds: 600,
    forceRecovery: true,
    forceRecoveryMode: 'cache',
    allowSubscribeForClient: true,
  },
  {
    name: 'delta',
    historySize: 10,
    historyTtlSeconds: 600,
    forceRecovery: true,
    allowSubscribeForClient: true,
    allowedDeltaTypes: ['fossil'],
    deltaPublish: true,
  },
  {
    name: 'tagged',
    historySize: 10,
    historyTtlSeconds: 600,
    forceRecovery: true,
    allowSubscribeForClient: true,
    allowTagsFilter: true,
  },
]

export type TestHub = { hub: Hub; url: string; http: string }

function route(hub: Hub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '', 'http://hub')
  if (pathname === '/connection/http_stream') return hub.handleHttpStream(request, response)
  if (pathname === '/connection/sse') return hub.handleSse(request, response)
  return hub.handleEmulation(request, response)
}

/** A hub on a port of its own, gone when the test is. */
export async function startHub(t: TestContext, options: Partial<HubOptions> = {}): Promise<TestHub> {
  const hub = new Hub({
    token: { hmacSecretKey: secret },
    namespaces,
    withoutNamespace: { historySize: 10, historyTtlSeconds: 600, forceRecovery: true },
    timerTickMilliseconds: 10,
    ...options,
  })
  const server = createServer((request, response) => void route(hub, request, response)).on(
    'upgrade',
    (request, socket, head) => hub.handleUpgrade(request, socket, head),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    await hub.shutdown()
    server.close()
  })
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { hub, url: `ws://${address}/connection/websocket`, http: `http://${address}` }
}

export type Claims = Record<string, unknown>

const inAnHour = () => Math.floor(Date.now() / 1000) + 3600

export function sign(claims: Claims, key = secret, alg = 'HS256'): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key))
}

export const connectionToken = (user: string, claims: Claims = {}) => sign({ sub: user, exp: inAnHour(), ...claims })
export const channelToken = (user: string, channel: string, claims: Claims = {}) =>
  sign({ sub: user, channel, exp: inAnHour(), ...claims })

/** The official SDK as a browser would use it. */
export function newSdk(t: TestContext, { url }: TestHub, options: Partial<Options>): Centrifuge {
  const sdk = new Centrifuge(url, {
    websocket: WebSocket,
    minReconnectDelay: 10,
    maxReconnectDelay: 50,
    ...options,
  })
  t.after(() => sdk.disconnect())
  return sdk
}

export async function connectSdk(t: TestContext, hub: TestHub, user: string, options: Partial<Options> = {}) {
  const sdk = newSdk(t, hub, { token: await connectionToken(user), ...options })
  sdk.connect()
  await sdk.ready(5000)
  return sdk
}

/** Resolves with what an emitter of the SDK tells next. */
export function next<T>(emitter: { once(event: string, listener: (context: T) => void): unknown }, event: string) {
  return new Promise<T>((resolve) => emitter.once(event, resolve))
}
