import type { TestContext } from 'node:test'
import { Centrifuge, type Options, type Subscription, type SubscriptionOptions, type TransportName } from 'centrifuge'
import { Centrifuge as BinaryCentrifuge } from 'centrifuge/build/protobuf'
import { EventSource } from 'eventsource'
import { WebSocket } from 'ws'
import { Journal } from './journal.ts'
import type { Program } from './program.ts'

/** One way of speaking to the hub. */
export type Speaker = {
  name: string
  transport: TransportName
  isBinary: boolean
  /** What is given to the SDK as data, and what is got from it: Protobuf's are bytes. */
  encode: (value: unknown) => unknown
  decode: (data: unknown) => unknown
}

const encodeJson = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const decodeJson = (data: unknown): unknown => JSON.parse(new TextDecoder().decode(data as Uint8Array))
const same = (value: unknown) => value

const inJson = (transport: TransportName): Speaker => ({
  name: `${transport} in JSON`,
  transport,
  isBinary: false,
  encode: same,
  decode: same,
})
const inProtobuf = (transport: TransportName): Speaker => ({
  name: `${transport} in Protobuf`,
  transport,
  isBinary: true,
  encode: encodeJson,
  decode: decodeJson,
})

export const webSocket = inJson('websocket')
export const binaryWebSocket = inProtobuf('websocket')
export const httpStream = inJson('http_stream')
export const binaryHttpStream = inProtobuf('http_stream')
export const sse = inJson('sse')
export const speakers = [webSocket, binaryWebSocket, httpStream, binaryHttpStream, sse]
export const streams = [httpStream, binaryHttpStream, sse]

export function endpointOf({ webSocket, http }: Program, transport: TransportName) {
  return { transport, endpoint: transport === 'websocket' ? webSocket : `${http}/connection/${transport}` }
}

/** What Node does not have by itself, and short waits. */
export const optionsFor = ({ http }: Program): Partial<Options> => ({
  websocket: WebSocket,
  eventsource: EventSource,
  emulationEndpoint: `${http}/emulation`,
  minReconnectDelay: 10,
  maxReconnectDelay: 50,
})

// Both builds declare the same class, each of its own.
const classOf = ({ isBinary }: Speaker) => (isBinary ? (BinaryCentrifuge as unknown as typeof Centrifuge) : Centrifuge)

/** The official SDK, disconnected when the test is over. */
export function newSdk(
  t: TestContext,
  program: Program,
  speaker: Speaker = webSocket,
  options: Partial<Options> = {},
): Centrifuge {
  const sdk = new (classOf(speaker))([endpointOf(program, speaker.transport)], { ...optionsFor(program), ...options })
  t.after(() => sdk.disconnect())
  return sdk
}

export async function connectSdk(...given: Parameters<typeof newSdk>): Promise<Centrifuge> {
  const sdk = newSdk(...given)
  sdk.connect()
  await sdk.ready(5000)
  return sdk
}

const clientEvents = [
  'state',
  'connecting',
  'connected',
  'disconnected',
  'message',
  'error',
  'subscribed',
  'subscribing',
  'unsubscribed',
  'publication',
  'join',
  'leave',
]
const subscriptionEvents = [
  'state',
  'subscribing',
  'subscribed',
  'unsubscribed',
  'publication',
  'join',
  'leave',
  'error',
]

export const journalOf = (sdk: Centrifuge) => new Journal(sdk, clientEvents)
export const journalOfSubscription = (subscription: Subscription) => new Journal(subscription, subscriptionEvents)

/** Subscribes, and keeps a journal from before that. */
export async function subscribe(sdk: Centrifuge, channel: string, options: SubscriptionOptions = {}) {
  const subscription = sdk.newSubscription(channel, { minResubscribeDelay: 10, maxResubscribeDelay: 50, ...options })
  const journal = journalOfSubscription(subscription)
  subscription.subscribe()
  await subscription.ready(5000)
  return { subscription, journal }
}
