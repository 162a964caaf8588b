import assert from 'node:assert/strict'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { afterwards } from '../server/testing/afterwards.ts'
import { Proxy } from './proxy.ts'

/** A server that says everything back, and a proxy in front of it. */
async function startEcho(t: TestContext) {
  const received: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      received.push(bytes.toString())
      socket.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterwards(t, () => server.close())
  const proxy = await Proxy.listen({ port: (server.address() as AddressInfo).port })
  afterwards(t, () => proxy.close())
  return { proxy, received }
}

function open(t: TestContext, { port }: Proxy) {
  const socket: Socket = connect(port, '127.0.0.1')
  let text = ''
  let check = () => {}
  let error: (Error & { code?: string }) | undefined
  socket.on('data', (bytes) => {
    text += bytes.toString()
    check()
  })
  socket.on('error', (found) => (error = found))
  const closed = new Promise<string | undefined>((resolve) => socket.on('close', () => resolve(error?.code)))
  afterwards(t, () => socket.destroy())
  return {
    socket,
    closed,
    text: () => text,
    heard: (wanted: string) =>
      new Promise<void>((resolve) => {
        check = () => text.includes(wanted) && resolve()
        check()
      }),
  }
}

test('bytes pass in both directions and in order', async (t) => {
  const { proxy } = await startEcho(t)
  const { socket, heard, text } = open(t, proxy)
  for (let n = 0; n < 100; n++) socket.write(`${n} `)
  await heard('99 ')
  assert.equal(text(), Array.from({ length: 100 }, (_, n) => `${n} `).join(''))
})

test('with latency nothing arrives before its time, in either direction, and pieces do not add up', async (t) => {
  const { proxy } = await startEcho(t)
  proxy.set({ latencyMs: 50 })
  const { socket, heard } = open(t, proxy)
  const start = performance.now()
  for (const word of ['one ', 'two ', 'three ']) socket.write(word)
  await heard('three ')
  assert.ok(performance.now() - start >= 99)
})

test('a slow line lets so many bytes through a second', async (t) => {
  const { proxy, received } = await startEcho(t)
  proxy.set({ bytesPerSecond: 10_000 })
  const { socket, heard } = open(t, proxy)
  const start = performance.now()
  socket.write('x'.repeat(2_000))
  await heard('x'.repeat(2_000))
  socket.write('end')
  await heard('end')
  assert.ok(performance.now() - start >= 199)
  assert.equal(received.join('').length, 2_003)
})

test('a reset is an error at once, and the next connection is a new one', async (t) => {
  const { proxy } = await startEcho(t)
  const first = open(t, proxy)
  first.socket.write('hello')
  await first.heard('hello')
  proxy.reset()
  assert.equal(await first.closed, 'ECONNRESET')
  const second = open(t, proxy)
  second.socket.write('again')
  await second.heard('again')
})

test('what is refused is reset; afterwards connections are taken again', async (t) => {
  const { proxy, received } = await startEcho(t)
  proxy.set({ isRefusing: true })
  const first = open(t, proxy)
  first.socket.write('lost')
  await first.closed
  assert.deepEqual(received, [])
  proxy.heal()
  const second = open(t, proxy)
  second.socket.write('taken')
  await second.heard('taken')
})

test('a black hole towards the server holds requests, and nobody is told', async (t) => {
  const { proxy, received } = await startEcho(t)
  const { socket, heard } = open(t, proxy)
  socket.write('before')
  await heard('before')
  proxy.set({ blackhole: 'up' })
  socket.write('held')
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.deepEqual(received, ['before'])
  proxy.heal()
  await heard('held')
})

test('a black hole towards the client holds answers to what the server has had', async (t) => {
  const { proxy, received } = await startEcho(t)
  const { socket, heard, text } = open(t, proxy)
  proxy.set({ blackhole: 'down' })
  socket.write('asked')
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 2))
  assert.equal(text(), '')
  proxy.heal()
  await heard('asked')
})

test('an answer is cut after the server has had the request', async (t) => {
  const { proxy, received } = await startEcho(t)
  let left = 1
  proxy.set({ cutAnswer: (request) => request.includes('POST') && left-- > 0 })
  const [first, second] = [open(t, proxy), open(t, proxy)]
  first.socket.write('POST one')
  assert.equal(await first.closed, 'ECONNRESET')
  assert.equal(first.text(), '')
  second.socket.write('POST two')
  await second.heard('POST two')
  assert.deepEqual([received, proxy.cuts], [['POST one', 'POST two'], 1])
})

test('a connection is cut after so many bytes', async (t) => {
  const { proxy, received } = await startEcho(t)
  proxy.set({ cutAfterBytes: 10 })
  const { socket, heard, closed } = open(t, proxy)
  socket.write('12345')
  await heard('12345')
  socket.write('67890!')
  assert.equal(await closed, 'ECONNRESET')
  assert.deepEqual(received, ['12345'])
})

test('half open: the client hears nothing of the end of the other side', async (t) => {
  const { proxy } = await startEcho(t)
  const { socket, heard } = open(t, proxy)
  socket.write('hello')
  await heard('hello')
  proxy.halfOpen()
  socket.write('into the void')
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(socket.destroyed, false)
})

test('a server that is not there is a reset, and it is found when it comes', async (t) => {
  const target = { port: 1 }
  const proxy = await Proxy.listen(target)
  afterwards(t, () => proxy.close())
  await open(t, proxy).closed
  const { proxy: other } = await startEcho(t)
  target.port = other.port
  const second = open(t, proxy)
  second.socket.write('there')
  await second.heard('there')
})
