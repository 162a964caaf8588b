import {
  Centrifuge,
  type PublicationContext,
  type SubscribedContext,
  type Subscription,
  UnauthorizedError,
} from 'centrifuge'
import type { Event } from '@grandchat/contracts/realtime/events'
import { backoff } from '../backoff.ts'
import type { Environment } from '../environment.ts'
import { isSignedOut } from '../rest/request-error.ts'
import { createTimer } from '../timer.ts'
import type { TokenSource } from './tokens.ts'
import { createVisits, type Visit, type VisitListener } from './visits.ts'

/** A connection ended as too slow this soon after subscribing was choked by its own recovery, and would be again. */
const recoveryMs = 10_000
const slowCode = 3008
/** A room that becomes large does so for all its members at once: they subscribe over this time. */
const spreadMs = 2_000
/** Subscriptions of one connection answer together; what they missed is asked for once. */
const gatherMs = 20

export type RealtimeSetup = {
  environment: Environment
  url: string
  /** The first decides whether the connection counts as up. */
  channels: readonly [string, ...string[]]
  /** Those of rooms that are known to be large already: they come with the same tokens and the same sync. */
  roomChannels?: readonly string[]
  tokens: TokenSource
  onEvent: (event: Event) => void
  /** Subscribed, with events missed in between. */
  onMissed: () => void
  onSocket: (state: 'up' | 'down') => void
}

export type Realtime = {
  /** Listens to the channels of these rooms beside its own, and to those of no other. */
  listenTo(roomChannels: readonly string[]): void
  /** Listens to a channel for a while. */
  visit(channel: string, listener: VisitListener): Visit
  close(): void
}

/**
 * The SDK's connection. The SDK gives up for good when a listener throws or a token is refused: so no listener throws
 * here, and what has ended without our wish is begun again.
 */
export function createRealtime(setup: RealtimeSetup): Realtime {
  const { environment, channels, tokens } = setup
  const client = new Centrifuge(setup.url, {
    websocket: environment.WebSocket,
    getToken: () => orUnauthorized(tokens.connection([...channels, ...roomChannels, ...visits.channels()])),
    maxReconnectDelay: 15_000,
  })
  const visits = createVisits({ client, getToken: tokenFor, guard })
  const subscriptions = new Map<string, Subscription>()
  let roomChannels = setup.roomChannels ?? []
  const widening = createTimer(environment, guard(subscribeRooms))
  const missed = createTimer(environment, guard(setup.onMissed))
  const revival = createTimer(environment, guard(revive))
  let isClosed = false
  let state: 'up' | 'down' | undefined
  let failures = 0
  let subscribedAt = Number.NEGATIVE_INFINITY

  /** An exception in a listener would end the connection: it is reported, and what it left undone is fetched. */
  function guard<Arguments extends unknown[]>(listener: (...args: Arguments) => void): (...args: Arguments) => void {
    return (...args) => {
      try {
        listener(...args)
      } catch (error) {
        environment.report(error)
        if (listener !== (setup.onMissed as unknown)) missed.soon(gatherMs)
      }
    }
  }

  function setState(next: 'up' | 'down') {
    if (state === next) return
    state = next
    setup.onSocket(next)
  }

  async function tokenFor(channel: string): Promise<string> {
    return (await orUnauthorized(tokens.subscription(channel))) ?? refuse()
  }

  function subscribe(channel: string) {
    const isFirst = channel === channels[0]
    const subscription = client.newSubscription(channel, { getToken: () => tokenFor(channel) })
    subscriptions.set(channel, subscription)

    function onSubscribed({ wasRecovering, recovered }: SubscribedContext) {
      failures = 0
      subscribedAt = environment.now()
      if (isFirst) setState('up')
      if (!wasRecovering || !recovered) missed.soon(gatherMs)
    }
    function onSubscribing() {
      if (isFirst && state === 'up') setState('down')
    }
    function onUnsubscribed() {
      if (isFirst) setState('down')
      reviveLater()
    }
    const onPublication = ({ data }: PublicationContext) => setup.onEvent(data as Event)
    subscription.on('publication', guard(onPublication))
    subscription.on('subscribed', guard(onSubscribed))
    subscription.on('subscribing', guard(onSubscribing))
    subscription.on('unsubscribed', guard(onUnsubscribed))
    subscription.on('error', ignore)
    subscription.subscribe()
  }

  /** All in one step: their tokens then come by one request. */
  function subscribeRooms() {
    for (const channel of roomChannels) if (!subscriptions.has(channel)) subscribe(channel)
  }

  function end(channel: string, subscription: Subscription) {
    subscriptions.delete(channel)
    hush(subscription)
    subscription.unsubscribe()
    client.removeSubscription(subscription)
  }

  function reviveLater() {
    if (!isClosed) revival.soon(backoff(environment, ++failures, 2_000, 60_000))
  }

  function revive() {
    for (const subscription of subscriptions.values()) subscription.subscribe()
    client.connect()
  }

  /** Drops the positions: the next subscription recovers nothing, and what is missing is fetched. */
  function subscribeAfresh() {
    if (isClosed) return
    for (const [channel, subscription] of subscriptions) end(channel, subscription)
    for (const channel of [...channels, ...roomChannels]) subscribe(channel)
  }

  function onConnecting({ code }: { code: number }) {
    if (code !== slowCode || environment.now() - subscribedAt > recoveryMs) return
    // Not from within the SDK's own transition.
    environment.after(0, guard(subscribeAfresh))
  }

  function onDisconnected() {
    setState('down')
    reviveLater()
  }

  function onError() {
    if (state !== 'up') setState('down')
  }

  client.on('connecting', guard(onConnecting))
  client.on('disconnected', guard(onDisconnected))
  client.on('error', guard(onError))
  for (const channel of [...channels, ...roomChannels]) subscribe(channel)
  client.connect()

  return {
    listenTo(wanted) {
      roomChannels = wanted
      for (const [channel, subscription] of subscriptions) {
        if (!channels.includes(channel) && !wanted.includes(channel)) end(channel, subscription)
      }
      if (wanted.some((channel) => !subscriptions.has(channel))) widening.soon(environment.random() * spreadMs)
    },
    visit: (channel, listener) => visits.visit(channel, listener),
    close() {
      isClosed = true
      widening.cancel()
      missed.cancel()
      revival.cancel()
      hush(client)
      for (const subscription of subscriptions.values()) hush(subscription)
      client.disconnect()
    },
  }
}

/** An emitter without a listener for errors throws them. */
function ignore() {}

/** Nothing is listened to any more; but a token that is still on its way may fail, where nobody could catch it. */
function hush(emitter: { removeAllListeners(): unknown; on(event: 'error', listener: () => void): unknown }) {
  emitter.removeAllListeners()
  emitter.on('error', ignore)
}

/** The SDK's word for a token that nobody will give it: it stops asking. Anything else it tries again. */
function refuse(): never {
  throw new UnauthorizedError('not permitted')
}

function orUnauthorized<Token>(token: Promise<Token>): Promise<Token> {
  return token.catch((error: unknown) => {
    if (isSignedOut(error)) return refuse()
    throw error
  })
}
