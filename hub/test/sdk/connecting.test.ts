import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Centrifuge } from 'centrifuge'
import { WebSocket } from 'ws'
import { told } from './journal.ts'
import { startProgram } from './program.ts'
import { connectSdk, endpointOf, journalOf, newSdk, optionsFor, speakers, webSocket } from './sdk.ts'

const hub = await startProgram()
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

for (const speaker of speakers) {
  test(`over ${speaker.name} a client connects and disconnects, and is told each step`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    const journal = journalOf(sdk)
    assert.equal(sdk.state, 'disconnected')
    sdk.connect()
    assert.equal(sdk.state, 'connecting')
    await sdk.ready(5000)
    assert.equal(sdk.state, 'connected')
    const { client, ...context } = await journal.first('connected')
    assert.match(client ?? '', uuid)
    assert.deepEqual(told(context), { transport: speaker.transport })
    sdk.disconnect()
    assert.equal(sdk.state, 'disconnected')
    assert.deepEqual(await journal.first('connecting'), { code: 0, reason: 'connect called' })
    assert.deepEqual(await journal.first('disconnected'), { code: 0, reason: 'disconnect called' })
    assert.deepEqual(
      journal.all('state').map(({ oldState, newState }) => [oldState, newState]),
      [
        ['disconnected', 'connecting'],
        ['connecting', 'connected'],
        ['connected', 'disconnected'],
      ],
    )
  })

  test(`over ${speaker.name} a second connect and a second disconnect change nothing`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    const journal = journalOf(sdk)
    sdk.connect()
    sdk.connect()
    await sdk.ready(5000)
    sdk.connect()
    sdk.disconnect()
    sdk.disconnect()
    assert.deepEqual(journal.names(), ['connecting', 'connected', 'disconnected'])
  })

  test(`over ${speaker.name} who disconnects while connecting can connect again`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    const journal = journalOf(sdk)
    for (let n = 0; n < 5; n++) {
      sdk.connect()
      sdk.disconnect()
    }
    sdk.connect()
    await sdk.ready(5000)
    assert.equal(journal.all('connected').length, 1)
    assert.equal(journal.all('disconnected').length, 5)
  })

  test(`over ${speaker.name} ready waits for the connection and fails without one`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    await assert.rejects(sdk.ready(), { code: 3, message: 'client disconnected' })
    sdk.connect()
    const lost = assert.rejects(sdk.ready(5000), { code: 3, message: 'disconnected' })
    sdk.disconnect()
    await lost
    sdk.connect()
    await sdk.ready()
    await sdk.ready(1)
  })

  test(`over ${speaker.name} name, version, headers and data do no harm`, async (t) => {
    const sdk = newSdk(t, hub, speaker, {
      name: 'Привіт',
      version: '1.2.3',
      headers: { Authorization: 'Bearer x', 'X-Ключ': '🦊' },
      data: speaker.encode({ from: 'a test', nested: [null, { big: 1e20 }], long: 'x'.repeat(50_000) }),
    })
    const journal = journalOf(sdk)
    sdk.connect()
    await sdk.ready(5000)
    sdk.setData(speaker.encode({ other: true }))
    sdk.setHeaders({})
    sdk.disconnect()
    sdk.connect()
    await sdk.ready(5000)
    assert.deepEqual(journal.all('error'), [])
  })

  test(`over ${speaker.name} getData is asked before each connection`, async (t) => {
    let asked = 0
    const sdk = newSdk(t, hub, speaker, { getData: async () => speaker.encode({ asked: ++asked }) })
    sdk.connect()
    await sdk.ready(5000)
    sdk.disconnect()
    sdk.connect()
    await sdk.ready(5000)
    assert.equal(asked, 2)
  })
}

test('ready gives up after its timeout where nobody answers', async (t) => {
  class Silent {
    close(): void {}
  }
  const sdk = newSdk(t, hub, webSocket, { websocket: Silent })
  sdk.connect()
  await assert.rejects(sdk.ready(5), { code: 1, message: 'timeout' })
  assert.equal(sdk.state, 'connecting')
})

test('a URL alone connects over a socket', async (t) => {
  const sdk = new Centrifuge(hub.webSocket, { websocket: WebSocket })
  t.after(() => sdk.disconnect())
  const journal = journalOf(sdk)
  sdk.connect()
  await sdk.ready(5000)
  assert.equal((await journal.first('connected')).transport, 'websocket')
})

for (const { args, protocol } of [
  { args: ['centrifuge-json'], protocol: 'centrifuge-json' },
  { args: [], protocol: '' },
]) {
  test(`a socket of one's own may ask for the subprotocol "${protocol}" and send headers`, async (t) => {
    const opened: WebSocket[] = []
    class WithHeaders extends WebSocket {
      constructor(url: string) {
        super(url, args, { headers: { Authorization: 'Bearer x' } })
        opened.push(this)
      }
    }
    await connectSdk(t, hub, webSocket, { websocket: WithHeaders })
    assert.deepEqual(
      opened.map((socket) => socket.protocol),
      [protocol],
    )
  })
}

test('the first of several transports that works is used', async (t) => {
  for (const transport of ['websocket', 'http_stream', 'sse'] as const) {
    const dead = [
      { transport: 'websocket' as const, endpoint: `${hub.webSocket}/nowhere` },
      { transport: 'http_stream' as const, endpoint: `${hub.http}/nowhere` },
      { transport: 'sse' as const, endpoint: `${hub.http}/nowhere` },
      { transport: 'sse' as const, endpoint: 'http://127.0.0.1:1/connection/sse' },
    ]
    const sdk = new Centrifuge([...dead, endpointOf(hub, transport)], optionsFor(hub))
    t.after(() => sdk.disconnect())
    const journal = journalOf(sdk)
    sdk.connect()
    await sdk.ready(5000)
    assert.equal((await journal.first('connected')).transport, transport)
    assert.deepEqual(
      journal.all('error').map((each) => [each.type, each.transport]),
      dead.map((each) => ['transport', each.transport]),
    )
  }
})
