import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Centrifuge } from 'centrifuge'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { Event } from '@grandchat/contracts/realtime/events'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

test('where no socket gets through, events come by a stream', async (t) => {
  const ann = await server.member('ann')
  const room = await ann.createRoom('Kitchen')
  const channel = channels.personal(ann.id)
  const sdk = new Centrifuge([{ transport: 'http_stream', endpoint: `${server.url}/connection/http_stream` }], {
    emulationEndpoint: `${server.url}/emulation`,
    fetch: globalThis.fetch,
    readableStream: globalThis.ReadableStream,
    getToken: async () => (await ann.get<{ token: string }>('/api/token/connection/')).token,
  })
  const subscription = sdk.newSubscription(channel, {
    getToken: async () => (await ann.get<{ token: string }>(`/api/token/subscription/?channel=${channel}`)).token,
  })
  t.after(() => sdk.disconnect())
  // What came before may be told as late as now.
  const told = new Promise<void>((resolve) => {
    subscription.on('publication', ({ data }) => (data as Event).type === 'message_added' && resolve())
  })
  subscription.subscribe()
  sdk.connect()
  await subscription.ready(5000)
  await ann.send(room.id, 'Anybody here?')
  await told
})

test('a stream opens to an outsider nothing that a socket would not', async (t) => {
  const [cat, eve] = [await server.member('cat'), await server.member('eve')]
  const { id } = await cat.createRoom('Cellar', 'private')
  const sdk = new Centrifuge([{ transport: 'http_stream', endpoint: `${server.url}/connection/http_stream` }], {
    emulationEndpoint: `${server.url}/emulation`,
    fetch: globalThis.fetch,
    readableStream: globalThis.ReadableStream,
    getToken: async () => (await eve.get<{ token: string }>('/api/token/connection/')).token,
  })
  t.after(() => sdk.disconnect())
  sdk.connect()
  await sdk.ready(5000)
  const refusal = (channel: string, token: string) =>
    new Promise<number>((resolve) => {
      const subscription = sdk.newSubscription(channel, { token })
      subscription.once('unsubscribed', ({ code }) => resolve(code))
      sdk.once('disconnected', ({ code }) => resolve(code))
      subscription.subscribe()
    })
  for (const channel of [channels.personal(cat.id), channels.here(id)]) {
    assert.equal(await refusal(channel, ''), 103)
  }
  const stolen = (await cat.get<{ token: string }>(`/api/token/subscription/?channel=${channels.here(id)}`)).token
  sdk.removeSubscription(sdk.getSubscription(channels.here(id)))
  assert.equal(await refusal(channels.here(id), stolen), 3500, "somebody else's token ends the connection")
})

test('a stream without a good token is ended, and bad requests have their status', async () => {
  const post = (path: string, body: string) => fetch(server.url + path, { method: 'POST', body })
  const stream = await post('/connection/http_stream', JSON.stringify({ id: 1, connect: { token: 'forged' } }))
  assert.match(await stream.text(), /"code":3500/)
  assert.equal((await fetch(`${server.url}/connection/sse`)).status, 400)
  assert.equal((await post('/emulation', '{"node":"another"}')).status, 404)
  assert.equal((await post('/emulation', 'x'.repeat(100_000))).status, 413)
})
