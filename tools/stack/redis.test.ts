import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { run } from '../steps.ts'
import { startRedis } from './redis.ts'

const { code } = await run(['redis-server', '--version'], { isQuiet: true })
// Nothing is installed for this: `npm run test:stack` does that, for who wants to run it.
const skip = code !== 0 && 'Redis is not installed.'

test('Redis answers on loopback, and is gone when it is stopped', { skip }, async () => {
  const { url, stop } = await startRedis()
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write('SET a 1\r\nGET a\r\n')
  let text = ''
  while (!text.endsWith('$1\r\n1\r\n')) text += String((await once(socket, 'data'))[0])
  socket.destroy()
  await stop()
  await assert.rejects(once(connect(Number(port), hostname), 'connect'))
})
