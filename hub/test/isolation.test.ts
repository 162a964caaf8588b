import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'node:test'
import { Content } from '../protocol.ts'
import { disconnects } from '../codes.ts'
import { subscribeConnected } from '../server-side.ts'
import { channelToken, connectionToken, startHub } from './fixture.ts'
import { LoopbackClient, newNode } from './loopback.ts'
import { connectRaw, errorCode, openRaw } from './raw.ts'

const broken = () => {
  throw new Error('This is broken.')
}

async function subscribed(clients: LoopbackClient[], channel: string): Promise<void> {
  for (const client of clients) {
    await client.connect('ann')
    client.receive({ id: 2, subscribe: { channel } })
    await client.reply(2)
  }
}

test('[LIM10] a subscriber whose sending fails is let go, and the others hear everything', async (t) => {
  const failures: string[] = []
  const quiet = () => {}
  const logger = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    error: (_: object, text: string) => void failures.push(text),
  }
  const node = newNode(t, { logger })
  const [first, failing, last] = [0, 1, 2].map(() => new LoopbackClient(t, node))
  assert.ok(first && failing && last)
  await subscribed([first, failing, last], 'plain:x')
  Object.defineProperty(failing, 'bufferedBytes', { get: broken })
  for (const data of ['1', '2']) node.publish('plain:x', new Content(data), {})
  for (const client of [first, last]) {
    await client.find((message) => JSON.stringify(message) === '{"push":{"channel":"plain:x","pub":{"data":2}}}')
  }
  assert.deepEqual(
    failing.ends.map(({ code }) => code),
    [3004],
  )
  assert.deepEqual(failures, ['Sending to a client failed.'])
})

test('[LIM10] a transport that throws ends one connection', async (t) => {
  const node = newNode(t)
  const clients = Array.from({ length: 3 }, () => new LoopbackClient(t, node))
  const [failing, ...others] = clients
  assert.ok(failing)
  await subscribed(clients, 'plain:x')
  failing.write = broken
  failing.close = broken
  node.publish('plain:x', new Content('1'), {})
  for (const client of others) await client.find((message) => 'push' in message)
  assert.equal(failing.client.isClosed, true)
  assert.equal(node.registry.counts.clients, 2)
})

test('[LIM10] a log that cannot be written disturbs nobody', async (t) => {
  const logger = { debug: broken, info: broken, warn: broken, error: broken }
  const fixture = await startHub(t, { logger, rpc: { fail: broken } })
  const [ann, bob] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  assert.equal(await ann.ask('rpc', { method: 'fail' }), 100)
  ann.send({ id: 9, send: {} })
  assert.equal((await ann.closed).code, 3508)
  assert.deepEqual(await bob.ask('subscribe', { channel: 'plain:x' }), {})
})

test('[OTH5] a method that never answers holds up one client alone, and not for ever', async (t) => {
  const fixture = await startHub(t, {
    rpc: { wait: () => new Promise(() => {}) },
    client: { pingIntervalSeconds: 0.1, pongTimeoutSeconds: 0.05 },
  })
  const client = await connectRaw(t, fixture, 'ann')
  client.send({ id: 2, rpc: { method: 'wait' } })
  await client.next((message) => Object.keys(message).length === 0)
  client.send({})
  assert.equal((await client.closed).code, 3012)
})

test('[PRE5] who joins and leaves again and again waits until the others have heard of it', async (t) => {
  const busy = { name: 'busy', joinLeave: true, forcePushJoinLeave: true, allowSubscribeForClient: true }
  const node = newNode(t, { namespaces: [busy] })
  const clients = Array.from({ length: 300 }, () => new LoopbackClient(t, node))
  await subscribed(clients, 'busy:x')
  const restless = new LoopbackClient(t, node)
  await restless.connect('eve')
  const rounds = 200
  const ask = (id: number, method: string) => ({ id, [method]: { channel: 'busy:x' } })
  restless.receive(
    ...Array.from({ length: rounds }, (_, n) => [ask(10 + 2 * n, 'subscribe'), ask(11 + 2 * n, 'unsubscribe')]).flat(),
  )
  await nextTurn()
  const answered = restless.messages.filter(({ id }) => id !== undefined).length
  assert.ok(answered < rounds, `${answered} of ${2 * rounds} were answered at once`)
  await restless.reply(9 + 2 * rounds)
})

test('[SUB4] a subscribe that is under way does not double what the server makes meanwhile', async (t) => {
  const client = new LoopbackClient(t)
  const { registry } = client.node
  await client.connect('ann')
  client.receive({ id: 2, subscribe: { channel: 'room:1', token: await channelToken('ann', 'room:1') } })
  const given = { grant: { expireAt: 0, serverSide: 'server' as const }, override: undefined, recoverSince: undefined }
  assert.equal(subscribeConnected(client.client, 'room:1', given), undefined)
  assert.equal(errorCode(await client.reply(2)), 105)
  assert.equal(registry.counts.subscriptions, 1)
  client.client.disconnect(disconnects.forceDisconnect)
  assert.equal(registry.counts.subscriptions, 0)
})

test('[CON5] the end after a refused connect is not told', async (t) => {
  const fixture = await startHub(t, { client: { closeTimeoutSeconds: 0.05 } })
  const client = await openRaw(t, fixture)
  const connect = { id: 1, connect: { token: await connectionToken('ann', { exp: 1 }) } }
  client.send(connect)
  assert.equal((await client.closed).code, 1006)
  for (const path of ['/connection/http_stream', '/connection/sse']) {
    const response = await fetch(fixture.http + path, {
      method: 'POST',
      body: `${JSON.stringify(connect)}\n{"id":2,"send":{}}`,
    })
    const text = await response.text()
    assert.match(text, /"error":\{"code":109/)
    assert.doesNotMatch(text, /push|"id":2/, path)
  }
})
