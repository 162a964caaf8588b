import assert from 'node:assert/strict'
import { connect as connectTcp } from 'node:net'
import { once } from 'node:events'
import { after, test, type TestContext } from 'node:test'
import { channelToken, startHub, type TestHub } from './fixture.ts'
import { connectRaw, openRaw, type RawClient } from './raw.ts'

const failures: unknown[] = []
const note = (error: unknown) => failures.push(error)
process.on('unhandledRejection', note).on('uncaughtException', note)
after(() => assert.deepEqual(failures, [], 'nothing went unhandled'))

/** Does the worst in the presence of another client, who must not notice. */
async function besides(t: TestContext, hub: TestHub, worst: () => Promise<unknown>): Promise<void> {
  const witness = await connectRaw(t, hub, 'witness')
  await witness.subscribe('plain:witness')
  await worst()
  await hub.hub.publish('plain:witness', 'still here')
  assert.deepEqual(await witness.nextPush(), { channel: 'plain:witness', pub: { data: 'still here' } })
}

const garbage: Array<[what: string, send: (client: RawClient) => void, codes: number[]]> = [
  ['a megabyte', ({ socket }) => socket.send('x'.repeat(1_048_576)), [1009]],
  ['a megabyte of line feeds', ({ socket }) => socket.send('\n'.repeat(60_000)), [3501]],
  [
    'random bytes',
    ({ socket }) => socket.send(Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) % 256))),
    [3501],
  ],
  ['invalid UTF-8', ({ socket }) => socket.send(Buffer.from([0xc3, 0x28]), { binary: false }), [1007]],
  ['objects nested without end', (client) => client.send('{"a":'.repeat(13_000)), [3501]],
  [
    'arrays nested 30,000 deep',
    (client) => client.send(`{"id":1,"rpc":{"data":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`),
    [3501],
  ],
  [
    'nesting in a member nobody reads',
    (client) => client.send(`{"id":1,"x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
    [3501],
  ],
  ['names of the prototype', (client) => client.send('{"id":1,"__proto__":{"connect":{}},"constructor":{}}'), [3501]],
  [
    'a control frame that is too long',
    ({ socket }) =>
      (socket as unknown as { _socket: { write(b: Buffer): void } })._socket.write(
        Buffer.from([0x89, 0xfe, 0, 200, 1, 2, 3, 4]),
      ),
    [1002],
  ],
  [
    'a frame with reserved bits',
    ({ socket }) =>
      (socket as unknown as { _socket: { write(b: Buffer): void } })._socket.write(
        Buffer.from([0xf1, 0x80, 1, 2, 3, 4]),
      ),
    [1002],
  ],
]

for (const [what, send, codes] of garbage) {
  test(`[LIM8] ${what}: the sender is gone, nobody else notices`, async (t) => {
    const fixture = await startHub(t)
    await besides(t, fixture, async () => {
      for (const client of [await openRaw(t, fixture), await connectRaw(t, fixture, 'eve')]) {
        send(client)
        assert.ok(codes.includes((await client.closed).code), what)
      }
    })
  })
}

test('[LIM8] data nested 100,000 deep does not fit, and what fits is refused', async (t) => {
  const fixture = await startHub(t, { client: { messageSizeLimit: 1_000_000 } })
  await besides(t, fixture, async () => {
    const client = await connectRaw(t, fixture, 'eve')
    client.send(`{"id":1,"publish":{"channel":"plain:witness","data":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`)
    assert.equal((await client.closed).code, 3501)
  })
})

test('[LIM8] channels of others stay closed', async (t) => {
  const fixture = await startHub(t)
  await fixture.hub.publish('personal:bob', 'secret')
  await besides(t, fixture, async () => {
    const own = await channelToken('eve', 'personal:eve')
    const eve = await connectRaw(t, fixture, 'eve')
    for (const request of [
      { channel: 'personal:bob' },
      { channel: 'personal:bob', recover: true, offset: 0 },
      { channel: 'personal:bob', recover: true, offset: 1, epoch: fixture.hub.history('personal:bob').epoch, flag: 2 },
      { channel: 'personal:bob\0', token: '' },
    ]) {
      assert.equal(await eve.ask('subscribe', request), 103)
    }
    for (const method of ['publish', 'history', 'presence', 'presence_stats']) {
      assert.equal(await eve.ask(method, { channel: 'personal:bob', data: 1, limit: 10 }), 103)
    }
    eve.send({ id: 99, subscribe: { channel: 'personal:bob', token: own } })
    assert.equal((await eve.closed).code, 3500)
    assert.equal(JSON.stringify(eve.frames).includes('secret'), false)
  })
})

test('[LIM8] an id may be used again and again', async (t) => {
  const client = await connectRaw(t, await startHub(t), 'eve')
  client.send({ id: 5, unsubscribe: { channel: 'a:b' } }, { id: 5, unsubscribe: { channel: 'a:b' } })
  await client.next(({ id }) => id === 5)
  await client.next(({ id }) => id === 5)
})

test('[LIM8] 10,000 subscribes are refused one by one', async (t) => {
  const fixture = await startHub(t)
  await besides(t, fixture, async () => {
    const client = await connectRaw(t, fixture, 'eve')
    for (let n = 0; n < 100; n++) {
      client.send(
        ...Array.from({ length: 100 }, (_, m) => ({ id: n * 100 + m + 1, subscribe: { channel: `plain:${n}.${m}` } })),
      )
    }
    await client.next(({ id }) => id === 10_000)
    assert.equal(client.rest().filter(({ error }) => error !== undefined).length, 10_000 - 128 - 1)
    assert.equal(fixture.hub.info().nodes[0]?.num_subs, 129)
  })
})

test('[LIM8] sockets that break at any moment leave nothing behind', async (t) => {
  const fixture = await startHub(t)
  await besides(t, fixture, async () => {
    for (let n = 0; n < 50; n++) {
      const client = n % 3 ? await connectRaw(t, fixture, 'eve') : await openRaw(t, fixture)
      if (n % 3)
        client.send({ id: 2, subscribe: { channel: 'personal:eve', token: await channelToken('eve', 'personal:eve') } })
      if (n % 2) client.socket.terminate()
      else client.socket.close()
      await client.closed
    }
    while (fixture.hub.info().nodes[0]?.num_clients !== 1) await new Promise((resolve) => setImmediate(resolve))
    const [node] = fixture.hub.info().nodes
    assert.deepEqual([node?.num_clients, node?.num_users, node?.num_subs, node?.num_channels], [1, 1, 1, 1])
    assert.deepEqual(fixture.hub.presenceStats('personal:eve'), { num_clients: 0, num_users: 0 })
  })
})

test('[LIM8] a broken upgrade is answered and forgotten', async (t) => {
  const fixture = await startHub(t)
  const { hostname, port, pathname } = new URL(fixture.url)
  await besides(t, fixture, async () => {
    for (const headers of [
      '',
      'Sec-WebSocket-Version: 13\r\n',
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n',
    ]) {
      const socket = connectTcp(Number(port), hostname)
      socket.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}\r\n`)
      const [answer] = (await once(socket, 'data')) as [Buffer]
      assert.match(answer.toString(), /^HTTP\/1\.1 400/)
      socket.destroy()
    }
  })
})

test('[LIM8] a peer that pings without reading is dropped', async (t) => {
  const fixture = await startHub(t)
  await besides(t, fixture, async () => {
    const client = await connectRaw(t, fixture, 'eve')
    client.socket.pause()
    for (let n = 0; n < 10_000; n++) client.socket.ping('x'.repeat(125))
    client.socket.resume()
    await client.closed
  })
})
