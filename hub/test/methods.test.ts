import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { handlers } from '../client-commands.ts'
import { type Method, methods } from '../protocol.ts'
import { channelToken, connectionToken, startHub, type TestHub } from './fixture.ts'
import { connectRaw, errorCode, openRaw, subscribeWithToken } from './raw.ts'

type Outcome = 'ok' | number
type Row = {
  request: (user: string) => Promise<object> | object
  /** Before connect; from then on as a user who has, or has not, subscribed to the channel. */
  opened: Outcome
  connected: Outcome
  subscribed: Outcome
}

const channel = 'here:1'

/** The hub method matrix: who may do what in a channel where publishing and presence are for subscribers. */
const matrix: Record<Method, Row> = {
  connect: {
    request: async (user) => ({ token: await connectionToken(user) }),
    opened: 'ok',
    connected: 3501,
    subscribed: 3501,
  },
  subscribe: {
    request: async (user) => ({ channel, token: await channelToken(user, channel) }),
    opened: 3501,
    connected: 'ok',
    subscribed: 105,
  },
  unsubscribe: { request: () => ({ channel }), opened: 3501, connected: 'ok', subscribed: 'ok' },
  publish: { request: () => ({ channel, data: {} }), opened: 3501, connected: 103, subscribed: 'ok' },
  presence: { request: () => ({ channel }), opened: 3501, connected: 103, subscribed: 'ok' },
  presence_stats: { request: () => ({ channel }), opened: 3501, connected: 103, subscribed: 'ok' },
  history: { request: () => ({ channel, limit: 1 }), opened: 3501, connected: 108, subscribed: 108 },
  rpc: { request: () => ({ method: 'x', data: {} }), opened: 3501, connected: 108, subscribed: 108 },
  send: { request: () => ({ data: {} }), opened: 3501, connected: 3508, subscribed: 3508 },
  refresh: {
    request: async (user) => ({ token: await connectionToken(user) }),
    opened: 3501,
    connected: 'ok',
    subscribed: 'ok',
  },
  sub_refresh: {
    request: async (user) => ({ channel, token: await channelToken(user, channel) }),
    opened: 3501,
    connected: 103,
    subscribed: 'ok',
  },
}

async function clientIn(t: TestContext, hub: TestHub, state: 'opened' | 'connected' | 'subscribed') {
  if (state === 'opened') return openRaw(t, hub)
  const client = await connectRaw(t, hub, 'ann')
  if (state === 'subscribed') await subscribeWithToken(client, 'ann', channel)
  return client
}

for (const method of methods) {
  for (const state of ['opened', 'connected', 'subscribed'] as const) {
    const expected = matrix[method][state]
    test(`[OTH1] [OTH2] ${method} when ${state}: ${expected}`, async (t) => {
      const client = await clientIn(t, await startHub(t), state)
      client.send({ id: 77, [method]: await matrix[method].request('ann') })
      const outcome = await Promise.race([
        client.closed.then(({ code }) => code),
        client
          .next(({ id }) => id === 77)
          .then(
            (reply) => errorCode(reply) ?? (reply[method] ? 'ok' : 'nothing'),
            () => client.closed.then(({ code }) => code),
          ),
      ])
      assert.equal(outcome, expected)
    })
  }
}

test('[OTH2] every method that the hub handles has its row', () => {
  assert.deepEqual(Object.keys(matrix).sort(), Object.keys(handlers).sort())
  assert.deepEqual(Object.keys(matrix).sort(), [...methods].sort())
})
