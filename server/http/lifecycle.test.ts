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

test('under a load that never pauses, draining ends: what was asked is answered, and new connections are refused', async () => {
  const server = await startTestServer()
  const ann = await server.member('ann')
  const room = await ann.createRoom('Busy')
  const statuses: number[] = []
  let refused = 0
  const over = new AbortController()
  // As a proxy does it: one request after the other, over connections that it keeps.
  const load = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) {
      try {
        statuses.push((await ann.ask('POST', `/api/rooms/${room.id}/messages/`, { content: 'still here' })).status)
      } catch {
        refused++
      }
    }
  })
  while (statuses.length < 20) await new Promise((resolve) => setImmediate(resolve))
  await server.services.lifecycle.drain(server.app)
  over.abort()
  await Promise.all(load)
  assert.equal(server.services.lifecycle.active, 0)
  assert.ok(refused > 0)
  assert.deepEqual(new Set(statuses), new Set([201]))
  const { last_seq } = (await server.services.db
    .selectFrom('rooms')
    .select('last_seq')
    .where('id', '=', room.id)
    .executeTakeFirst())!
  assert.equal(last_seq, statuses.length, 'nothing was done without an answer')
  await server.stop()
})
