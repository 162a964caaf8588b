import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket as NetSocket } from 'node:net'
import { after, before, test, type TestContext } from 'node:test'
import { Centrifuge } from 'centrifuge'
import { sql } from 'kysely'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { Event } from '@grandchat/contracts/realtime/events'
import { type Standalone, startStandalone } from '../../../hub/standalone/index.ts'
import type { Person } from '../../testing/person.ts'
import { Socket, tokensOf } from '../../testing/socket.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { channelOptions } from '../namespaces.ts'

const key = 'a key of at least sixteen characters'
const tokenSecret = 'a secret of at least thirty-two characters'

/** A server of Centrifugo's protocol and API in a place of its own; that it answers as Centrifugo is its suite's matter. */
let centrifugo: Standalone
let way: Way
let server: TestServer
before(async () => {
  centrifugo = await startStandalone({
    hub: { ...channelOptions, token: { hmacSecretKey: tokenSecret } },
    server: { address: '127.0.0.1', port: 0, apiKey: key },
  })
  way = await openWay(centrifugo.port)
  server = await startTestServer({
    CENTRIFUGO_HTTP_API_ENDPOINT: `http://127.0.0.1:${way.port}/api/`,
    CENTRIFUGO_HTTP_API_KEY: key,
    CENTRIFUGO_TOKEN_SECRET: tokenSecret,
    CENTRIFUGO_BROADCAST_MODE: 'api',
  })
})
after(async () => {
  await server.stop()
  await way.close()
  await centrifugo.close()
})

type Way = { port: number; open(): Promise<void>; close(): Promise<void> }

/** The way of the backend to Centrifugo's API, which can be closed while browsers keep theirs. */
async function openWay(target: number): Promise<Way> {
  const sockets = new Set<NetSocket>()
  const proxy = createServer((socket) => {
    const other = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  const open = async (port: number) => {
    proxy.listen(port, '127.0.0.1')
    await once(proxy, 'listening')
  }
  await open(0)
  const { port } = proxy.address() as AddressInfo
  return {
    port,
    open: () => open(port),
    async close() {
      if (!proxy.listening) return
      const closed = once(proxy, 'close')
      proxy.close()
      for (const socket of sockets) socket.destroy()
      sockets.clear()
      await closed
    },
  }
}

/** What one person's browser is told over Centrifugo. */
async function listen(t: TestContext, person: Person) {
  const channel = channels.personal(person.id)
  const sdk = new Centrifuge(`ws://127.0.0.1:${centrifugo.port}/connection/websocket`, {
    minReconnectDelay: 20,
    maxReconnectDelay: 100,
    getToken: async () => (await person.get<{ token: string }>('/api/token/connection/')).token,
  })
  const subscription = sdk.newSubscription(channel, {
    getToken: async () => (await person.get<{ token: string }>(`/api/token/subscription/?channel=${channel}`)).token,
  })
  t.after(() => sdk.disconnect())
  const events: Event[] = []
  const codes: number[] = []
  let wake = () => {}
  subscription.on('publication', ({ data }) => {
    events.push(data as Event)
    wake()
  })
  for (const name of ['connecting', 'disconnected'] as const) {
    sdk.on(name, ({ code }) => {
      codes.push(code)
      wake()
    })
  }
  subscription.subscribe()
  sdk.connect()
  await subscription.ready(5000)
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => (wake = resolve))
  }
  return { events, codes, until }
}

test('events reach members through Centrifugo, and nobody else', async (t) => {
  const [ann, bob] = [await server.member('ann'), await server.member('bob')]
  const room = await ann.createRoom('Kitchen')
  const [annHears, bobHears] = [await listen(t, ann), await listen(t, bob)]
  await ann.send(room.id, 'Anybody here?')
  await annHears.until(() => annHears.events.some(({ type }) => type === 'message_added'))
  await bob.post(`/api/rooms/${room.id}/join/`)
  await bobHears.until(() => bobHears.events.some(({ type }) => type === 'user_joined'))
  assert.deepEqual(
    bobHears.events.filter(({ type }) => type === 'message_added'),
    [],
  )
})

test('who is online is known through Centrifugo, all of them by one request', async (t) => {
  const [joe, kim] = [await server.member('joe'), await server.member('kim')]
  await listen(t, joe)
  assert.deepEqual([...(await server.services.realTime.online([kim.id, joe.id]))], [joe.id])
})

test('signing out cuts the sockets of the user', async (t) => {
  const eve = await server.member('eve')
  const hears = await listen(t, eve)
  await eve.post('/api/logout/')
  await hears.until(() => hears.codes.includes(3014))
})

test('who kept a token and comes back with it is cut again when no older one is left', async () => {
  const mia = await server.member('mia')
  const { connection } = await tokensOf(mia)
  await mia.post('/api/logout/')
  const { db } = server.services
  const jobs = () =>
    db.selectFrom('revocations').select(['is_repeat', 'due_at']).where('user_id', '=', mia.id).execute()
  while (!(await jobs()).every(({ is_repeat }) => is_repeat)) await new Promise((resolve) => setTimeout(resolve, 10))
  const hostile = await Socket.open(`http://127.0.0.1:${centrifugo.port}`)
  assert.equal(await hostile.ask('connect', { token: connection }), 'ok', 'Centrifugo knows no revoked tokens')
  await sql`update revocations set due_at = clock_timestamp() where user_id = ${mia.id}`.execute(db)
  assert.equal(await hostile.closed, 3014)
})

test('while Centrifugo is away messages are stored all the same, and what was missed is told later', async (t) => {
  const sam = await server.member('sam')
  const room = await sam.createRoom('Cellar')
  const hears = await listen(t, sam)
  await way.close()
  const sent = []
  for (let n = 0; n < 12; n++) sent.push(await sam.send(room.id, `Message ${n}`))
  assert.equal(new Set(sent.map(({ seq }) => seq)).size, 12)
  await way.open()
  const newest = Math.max(...sent.map(({ room }) => room.version))
  await hears.until(() => hears.events.some((event) => 'room' in event.body && event.body.room.version === newest))
})

test('the public port has no sockets of its own then', async () => {
  const answer = await fetch(`${server.url}/connection/http_stream`, { method: 'POST', body: '{}' })
  assert.ok([403, 404].includes(answer.status))
})
