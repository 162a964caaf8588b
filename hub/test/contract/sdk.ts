import type { TestContext } from 'node:test'
import { Centrifuge, type Options, type PublicationContext, type TransportEndpoint } from 'centrifuge'
import { Centrifuge as ProtobufCentrifuge } from 'centrifuge/build/protobuf'
import { WebSocket } from 'ws'
import { EventSource } from './event-source.ts'
import type { ServerUnderTest } from './server.ts'
import { connectionToken } from './tokens.ts'

type Transport = 'websocket' | 'http_stream' | 'sse'

function optionsFor(server: ServerUnderTest, options: Partial<Options>): Partial<Options> {
  return {
    websocket: WebSocket,
    eventsource: EventSource,
    emulationEndpoint: server.emulationUrl,
    minReconnectDelay: 10,
    maxReconnectDelay: 50,
    ...options,
  }
}

export const endpoint = (server: ServerUnderTest, transport: Transport): TransportEndpoint => ({
  transport,
  endpoint: { websocket: server.wsUrl, http_stream: server.httpStreamUrl, sse: server.sseUrl }[transport],
})

/** The official SDK as a browser would use it. */
export function newSdk(
  t: TestContext,
  server: ServerUnderTest,
  options: Partial<Options> = {},
  endpoints: TransportEndpoint[] = [endpoint(server, 'websocket')],
): Centrifuge {
  const sdk = new Centrifuge(endpoints, optionsFor(server, options))
  t.after(() => sdk.disconnect())
  return sdk
}

/** The same, speaking Protobuf. */
export function newProtobufSdk(
  t: TestContext,
  server: ServerUnderTest,
  options: Partial<Options> = {},
  transport: Transport = 'websocket',
): ProtobufCentrifuge {
  const sdk = new ProtobufCentrifuge([endpoint(server, transport)], optionsFor(server, options))
  t.after(() => sdk.disconnect())
  return sdk
}

/** Connected with a good token. */
export async function connectSdk(
  t: TestContext,
  server: ServerUnderTest,
  user: string,
  options: Partial<Options> = {},
  transport: Transport = 'websocket',
) {
  const sdk = newSdk(t, server, { token: await connectionToken(user), ...options }, [endpoint(server, transport)])
  return connected(sdk)
}

export async function connected<T extends { connect(): void; ready(timeout: number): Promise<void> }>(sdk: T) {
  sdk.connect()
  await sdk.ready(5000)
  return sdk
}

export async function subscribed<T extends { subscribe(): void; ready(timeout: number): Promise<void> }>(sub: T) {
  sub.subscribe()
  await sub.ready(5000)
  return sub
}

type Emitter<T> = { once(event: string, listener: (context: T) => void): unknown }

/** Resolves with what an emitter of the SDK tells next. */
export function next<T>(emitter: Emitter<T>, event: string): Promise<T> {
  return new Promise((resolve) => emitter.once(event, resolve))
}

type Publisher = { on(event: 'publication', listener: (context: PublicationContext) => void): unknown }

/** Everything that is published from now on, and a promise of the first so many. */
export class Heard {
  readonly contexts: PublicationContext[] = []
  #wake: (() => void) | undefined

  constructor(publisher: Publisher) {
    publisher.on('publication', (context) => {
      this.contexts.push(context)
      this.#wake?.()
    })
  }

  get data(): unknown[] {
    return this.contexts.map(({ data }) => data as unknown)
  }

  async first(count: number): Promise<unknown[]> {
    while (this.contexts.length < count) await new Promise<void>((resolve) => (this.#wake = resolve))
    return this.data.slice(0, count)
  }
}
