import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openRaw } from '../testing/raw.ts'
import { startTestServer } from '../testing/server.ts'

test('a request that its client dropped is not waited for when stopping', async () => {
  const server = await startTestServer()
  const ann = await server.member('ann')
  const socket = openRaw(server.url)
  socket.write(
    `POST /api/rooms/ HTTP/1.1\r\nHost: x\r\nCookie: ${ann.cookie}\r\nX-CSRFToken: ${await ann.csrf()}\r\n` +
      'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"name',
  )
  await server.until(({ active }) => active === 1)
  socket.destroy()
  await server.until(({ active }) => active === 0)
  await server.stop()
  assert.equal(server.services.lifecycle.isStopping, false)
})
