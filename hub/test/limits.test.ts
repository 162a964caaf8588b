import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { Content } from '../protocol.ts'
import { channelToken, connectionToken, startHub } from './fixture.ts'
import { LoopbackClient, newNode } from './loopback.ts'
import { connectRaw, openRaw, refusedUpgrade } from './raw.ts'

test('[LIM1] a client that does not read is sent away, and others hear everything', async (t) => {
  const fixture = await startHub(t, { client: { queueMaxSize: 100_000, closeTimeoutSeconds: 0.05 } })
  const [slow, other] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  await slow.subscribe('plain:x')
  await other.subscribe('plain:x')
  slow.socket.pause()
  const data = 'x'.repeat(10_000)
  let published = 0
  while (fixture.hub.info().nodes[0]?.num_clients === 2) {
    await fixture.hub.publish('plain:x', data)
    published++
    await other.nextPush()
  }
  assert.ok(published > 10)
  slow.socket.resume()
  await slow.closed
})

test('[LIM1] what exceeds the queue at once is 3008, and the queue is dropped', async (t) => {
  const fixture = await startHub(t, { client: { queueMaxSize: 1000 } })
  const client = await connectRaw(t, fixture, 'ann')
  await client.subscribe('plain:x')
  const sent = Array.from({ length: 11 }, () => fixture.hub.publish('plain:x', 'x'.repeat(100)))
  await Promise.all(sent)
  assert.deepEqual(await client.closed, { code: 3008, reason: 'slow' })
  assert.deepEqual(client.rest(), [])
})

test('[LIM1] bytes count, not letters', async (t) => {
  const client = new LoopbackClient(t, newNode(t, { client: { queueMaxSize: 300 } }))
  await client.connect('ann')
  client.receive({ id: 2, subscribe: { channel: 'plain:x' } })
  await client.reply(2)
  client.node.publish('plain:x', new Content(`"${'п'.repeat(100)}"`), {})
  assert.deepEqual(client.ends, [])
  client.bufferedBytes = 100
  client.node.publish('plain:x', new Content('"x"'), {})
  assert.deepEqual(
    client.ends.map(({ code }) => code),
    [3008],
  )
})

test('[LIM2] a frame that is too long closes the socket', async (t) => {
  const fixture = await startHub(t)
  const [big, pieces, fits] = [
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'ann'),
  ]
  big.socket.send('x'.repeat(1024 * 1024))
  assert.equal((await big.closed).code, 1009)
  for (let n = 0; n < 100; n++) pieces.socket.send('x'.repeat(1000), { fin: false })
  assert.equal((await pieces.closed).code, 1009)
  const frame = (length: number) => {
    const empty = '{"id":9,"publish":{"channel":"plain:x","data":""}}'
    return empty.replace('""', `"${'x'.repeat(length - empty.length)}"`)
  }
  fits.send(frame(65_536))
  assert.deepEqual((await fits.next(({ id }) => id === 9))['publish'], {})
  fits.send(frame(65_537))
  assert.equal((await fits.closed).code, 1009)
})

test('[LIM3] invalid UTF-8 closes the socket, binary frames are read as text', async (t) => {
  const fixture = await startHub(t)
  const [text, binary, fine] = [
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'ann'),
    await connectRaw(t, fixture, 'ann'),
  ]
  const bytes = Buffer.from([0x22, 0xff, 0xfe, 0x22])
  text.socket.send(bytes, { binary: false })
  assert.equal((await text.closed).code, 1007)
  binary.socket.send(bytes, { binary: true })
  assert.equal((await binary.closed).code, 3501)
  fine.socket.send(Buffer.from('{"id":9,"unsubscribe":{"channel":"plain:x"}}'), { binary: true })
  assert.deepEqual((await fine.next(({ id }) => id === 9))['unsubscribe'], {})
})

test('[LIM4] a user has only so many connections, others have theirs', async (t) => {
  const fixture = await startHub(t, { client: { userConnectionLimit: 10 } })
  const token = await connectionToken('ann')
  const sockets = await Promise.all(Array.from({ length: 500 }, async () => openRaw(t, fixture)))
  for (const socket of sockets) socket.send({ id: 1, connect: { token } })
  const refused = sockets.map(async ({ closed }) => (await closed).code)
  const codes: number[] = []
  await new Promise<void>((resolve) => {
    for (const code of refused) void code.then((value) => codes.push(value) === 490 && resolve())
  })
  assert.deepEqual(new Set(codes), new Set([3504]))
  assert.equal(fixture.hub.info().nodes[0]?.num_clients, 10)
  await connectRaw(t, fixture, 'bob')
})

test('[LIM4] a connection that ended makes room', async (t) => {
  const fixture = await startHub(t, { client: { userConnectionLimit: 1 } })
  const first = await connectRaw(t, fixture, 'ann')
  const second = await openRaw(t, fixture)
  second.send({ id: 1, connect: { token: await connectionToken('ann') } })
  assert.deepEqual(await second.closed, { code: 3504, reason: 'connection limit' })
  fixture.hub.disconnect('ann')
  await first.closed
  await connectRaw(t, fixture, 'ann')
})

test('[LIM5] the process has only so many connections', async (t) => {
  const fixture = await startHub(t, { client: { connectionLimit: 1 } })
  const first = await openRaw(t, fixture)
  assert.equal(await refusedUpgrade(fixture), 503)
  first.socket.close()
  await first.closed
  await openRaw(t, fixture)
})

test('[LIM6] who sends too many commands is sent away', async (t) => {
  const fixture = await startHub(t, { client: { commandRateLimit: 2 } })
  const [hasty, calm] = [await connectRaw(t, fixture, 'ann'), await connectRaw(t, fixture, 'bob')]
  for (let n = 0; n < 10; n++) await calm.ask('unsubscribe', { channel: 'plain:x' })
  for (let id = 2; id < 200; id++) hasty.send({ id, unsubscribe: { channel: 'plain:x' } })
  assert.deepEqual(await hasty.closed, { code: 3013, reason: 'too many requests' })
})

test('[LIM7] a client whose commands have to wait is not read on, and then it is', async (t) => {
  const client = new LoopbackClient(t)
  await client.connect('ann')
  const token = await channelToken('ann', 'personal:ann')
  const subscribes = Array.from({ length: 50 }, (_, n) => ({
    id: n + 2,
    subscribe: { channel: 'personal:ann', token },
  }))
  for (const command of subscribes) client.receive(command)
  assert.equal(client.isPaused, true)
  await client.reply(51)
  assert.equal(client.isPaused, false)
  assert.deepEqual(
    client.messages.flatMap(({ id }) => id ?? []),
    Array.from({ length: 51 }, (_, n) => n + 1),
  )
})

test('[LIM2] a frame in very many pieces closes the socket', async (t) => {
  const fixture = await startHub(t)
  const fragmenting = await connectRaw(t, fixture, 'ann')
  for (let n = 0; n < 2000; n++) fragmenting.socket.send('1', { fin: false })
  assert.equal((await fragmenting.closed).code, 1008)
  const tricking = connect(Number(new URL(fixture.url).port), '127.0.0.1').setNoDelay()
  t.after(() => tricking.destroy())
  tricking.write(
    'GET /connection/websocket HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  const closed = once(tricking, 'close')
  let received = Buffer.alloc(0)
  tricking.on('data', (data: Buffer) => (received = Buffer.concat([received, data])))
  tricking.on('error', () => {})
  while (!received.includes('\r\n\r\n')) await once(tricking, 'data')
  tricking.write(Buffer.from([0x81, 0xfe, 0xff, 0xff, 0, 0, 0, 0]))
  while (!tricking.destroyed && !received.includes(Buffer.from([0x88]), received.indexOf('\r\n\r\n'))) {
    tricking.write('1')
    await new Promise((resolve) => setImmediate(resolve))
  }
  const close = received.subarray(received.indexOf('\r\n\r\n') + 4)
  assert.deepEqual([close[0], close.readUInt16BE(2)], [0x88, 1008])
  tricking.destroy()
  await closed
})
