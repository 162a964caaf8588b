import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { Tokens } from '@grandchat/contracts/realtime/schema'
import { createEnvironment } from '../environment.ts'
import { RequestError } from '../rest/request.ts'
import { eventually } from '../testing/eventually.ts'
import { FakeHub } from '../testing/fake-socket.ts'
import { createRealtime } from './realtime.ts'
import { createTokenSource } from './tokens.ts'

type Overrides = {
  onEvent?: (event: Event) => void
  fetchTokens?: (channels: readonly string[]) => Promise<Tokens>
  denied?: string[]
  roomChannels?: readonly string[]
}

/** Connects to a fake hub; waits are cut to a hundredth. */
function start(context: TestContext, { onEvent, fetchTokens, roomChannels = [] }: Overrides = {}) {
  const hub = new FakeHub()
  const states: string[] = []
  const events: Event[] = []
  const errors: unknown[] = []
  const requests: (readonly string[])[] = []
  let missed = 0
  const environment = createEnvironment({
    WebSocket: hub.WebSocket,
    report: (error) => errors.push(error),
    after(ms, run) {
      const timer = setTimeout(run, ms / 100)
      return () => clearTimeout(timer)
    },
  })
  const tokens = createTokenSource(environment, async (channels) => {
    requests.push(channels)
    if (fetchTokens) return fetchTokens(channels)
    const subscriptions = Object.fromEntries(channels.map((channel) => [channel, `token of ${channel}`]))
    return { connection: 'connection token', subscriptions, denied: [] }
  })
  const realtime = createRealtime({
    environment,
    url: 'ws://hub/connection/websocket',
    channels: ['personal:1', 'workspace'],
    roomChannels,
    tokens,
    onEvent(event) {
      events.push(event)
      onEvent?.(event)
    },
    onMissed: () => missed++,
    onSocket: (state) => states.push(state),
  })
  context.after(() => realtime.close())
  const isUp = () => states.at(-1) === 'up' && hub.subscribed.length % 2 === 0
  return { hub, states, events, errors, requests, realtime, isUp, missed: () => missed }
}

const nudge: Event = { type: 'room_changed', body: { room: { id: 1, version: 2 } } }

test('rooms that are known to be large are subscribed with the same request, and missed once with the rest', async (t) => {
  const { hub, requests, isUp, missed } = start(t, { roomChannels: ['room:1', 'room:2'] })
  await eventually(() => isUp() && hub.subscribed.length === 4 && missed() > 0)
  assert.deepEqual(requests, [['personal:1', 'workspace', 'room:1', 'room:2']])
  assert.equal(missed(), 1)
})

test('one request brings the tokens for the connection and both channels', async (t) => {
  const { hub, requests, isUp, missed } = start(t)
  await eventually(() => isUp() && missed() > 0)
  assert.deepEqual(requests, [['personal:1', 'workspace']])
  assert.deepEqual(hub.connectTokens, ['connection token'])
  assert.deepEqual(
    hub.subscribed.map(({ channel, token }) => [channel, token]),
    [
      ['personal:1', 'token of personal:1'],
      ['workspace', 'token of workspace'],
    ],
  )
  assert.equal(missed(), 1)
})

test('publications of both channels arrive', async (t) => {
  const { hub, events, isUp } = start(t)
  await eventually(isUp)
  hub.publish('personal:1', nudge)
  hub.publish('workspace', { type: 'workspace_changed', body: { workspace_version: 1, users: [] } })
  await eventually(() => events.length === 2)
  assert.deepEqual(events[0], nudge)
})

test('an exception while an event is applied ends nothing, is reported, and what it left is fetched', async (t) => {
  const { hub, events, errors, isUp, states, missed } = start(t, {
    onEvent() {
      throw new Error('a bug')
    },
  })
  await eventually(() => isUp() && missed() === 1)
  hub.publish('personal:1', nudge)
  hub.publish('personal:1', nudge)
  await eventually(() => events.length === 2 && missed() === 2)
  assert.deepEqual(states, ['up'])
  assert.equal(hub.sockets.length, 1)
  assert.match(String(errors[0]), /a bug/)
})

test('after a connection that fell and recovered nothing is fetched; if it did not recover, all that was missed is', async (t) => {
  const { hub, isUp, states, missed } = start(t)
  await eventually(() => isUp() && missed() === 1)
  hub.sockets[0]?.end(1006, '')
  await eventually(() => hub.subscribed.length === 4 && states.join() === 'up,down,up')
  hub.recovers = false
  hub.sockets[1]?.end(1006, '')
  await eventually(() => hub.subscribed.length === 6 && missed() === 2)
  assert.equal(states.at(-1), 'up')
})

test('a connection that the server ended for good is begun again, for its user may still be signed in', async (t) => {
  const { hub, isUp, states } = start(t)
  await eventually(isUp)
  hub.sockets[0]?.end(3503, 'force disconnect')
  await eventually(() => hub.sockets.length === 2 && states.at(-1) === 'up')
  assert.deepEqual(states, ['up', 'down', 'up'])
})

test('tokens that are refused do not stop it for good', async (t) => {
  let refusals = 2
  const { hub, isUp } = start(t, {
    async fetchTokens(channels) {
      if (refusals-- > 0) throw new RequestError(401, { code: 'sign_in_required', detail: 'no session' })
      const subscriptions = Object.fromEntries(channels.map((channel) => [channel, 't']))
      return { connection: 'c', subscriptions, denied: [] }
    },
  })
  await eventually(isUp)
  assert.equal(hub.sockets.length, 1)
})

test('a socket that cannot be opened is down', async (t) => {
  const hub = new FakeHub()
  hub.isBlocked = true
  const states: string[] = []
  const environment = createEnvironment({ WebSocket: hub.WebSocket })
  const realtime = createRealtime({
    environment,
    url: 'ws://hub/connection/websocket',
    channels: ['personal:1'],
    tokens: { connection: async () => 'c', subscription: async () => 's' },
    onEvent() {},
    onMissed() {},
    onSocket: (state) => states.push(state),
  })
  t.after(() => realtime.close())
  await eventually(() => states.length > 0)
  assert.equal(states[0], 'down')
})

test('a connection choked by its own recovery subscribes afresh', async (t) => {
  const { hub, isUp, missed } = start(t)
  await eventually(() => isUp() && missed() === 1)
  hub.sockets[0]?.end(3008, 'slow')
  await eventually(() => hub.subscribed.length === 4 && missed() === 2)
  assert.deepEqual(
    hub.subscribed.slice(2).map(({ recover }) => recover),
    [false, false],
  )
})

test('nothing is said after it was closed', async (t) => {
  const { hub, isUp, states, realtime } = start(t)
  await eventually(isUp)
  realtime.close()
  hub.publish('personal:1', nudge)
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(states, ['up'])
})

test('large rooms are listened to as they come and go: one request for their tokens, and what was missed is asked for', async (t) => {
  const { hub, events, requests, realtime, isUp, missed } = start(t)
  await eventually(() => isUp() && missed() === 1)
  realtime.listenTo(['room:1', 'room:2'])
  await eventually(() => hub.subscribed.length === 4 && missed() === 2)
  assert.deepEqual(requests.at(-1), ['room:1', 'room:2'])
  hub.publish('room:2', nudge)
  await eventually(() => events.length === 1)
  realtime.listenTo(['room:2', 'room:3'])
  await eventually(() => hub.subscribed.at(-1)?.channel === 'room:3')
  assert.deepEqual(hub.unsubscribed, ['room:1'])
  assert.equal(hub.subscribed.length, 5, 'what is listened to already stays')
})

test('after a reconnect large rooms are there again, and their tokens came with the connection’s', async (t) => {
  const { hub, requests, realtime, isUp } = start(t)
  realtime.listenTo(['room:1'])
  await eventually(() => isUp() || hub.subscribed.length === 3)
  await eventually(() => hub.subscribed.some(({ channel }) => channel === 'room:1'))
  const before = hub.subscribed.length
  hub.sockets.at(-1)!.end(3501, 'bad request')
  await eventually(() => hub.subscribed.length === before + 3)
  assert.ok(requests.at(-1)!.includes('room:1') || requests.length === 1)
})

test('closed while tokens are on their way, their failing disturbs nobody', async (t) => {
  const waiting: ((error: Error) => void)[] = []
  let asked = 0
  const { realtime, hub } = start(t, {
    fetchTokens: () =>
      ++asked === 1
        ? Promise.resolve({ connection: 'connection token', subscriptions: {}, denied: [] })
        : new Promise((_, reject) => waiting.push(reject)),
  })
  await eventually(() => hub.connectTokens.length === 1 && waiting.length > 0)
  const uncaught: unknown[] = []
  const note = (error: unknown) => uncaught.push(error)
  process.on('unhandledRejection', note)
  realtime.close()
  for (const reject of waiting) reject(new Error('given up'))
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', note)
  assert.deepEqual(uncaught, [])
})
