import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run } from '../steps.ts'
import { installFromDebian } from './debian.ts'
import { freePort } from './ports.ts'

export type Redis = { url: string; stop: () => Promise<void> }

/** An empty Redis on loopback that keeps nothing on disk. Throws a sentence if there is none to be had. */
export async function startRedis(): Promise<Redis> {
  if (!(await isInstalled())) await installFromDebian('redis-server')
  if (!(await isInstalled())) {
    throw new Error('Redis is needed: install it (apt-get install redis-server, brew install redis).')
  }
  const folder = await mkdtemp(join(tmpdir(), 'grandchat-redis-'))
  const port = await freePort()
  const address = ['--bind', '127.0.0.1', '--port', String(port)]
  const inMemory = ['--save', '', '--appendonly', 'no', '--dir', folder]
  const child = spawn('redis-server', [...address, ...inMemory], { stdio: ['ignore', 'pipe', 'pipe'] })
  const output = outputOf(child)
  const end = once(child, 'close')
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async () => {
    child.kill('SIGTERM')
    await end
    process.off('exit', kill)
    await rm(folder, { recursive: true, force: true })
  }
  while (!(await answersPing(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      await stop()
      throw new Error(`Redis did not start: ${output()}`)
    }
    await pause(20)
  }
  return { url: `redis://127.0.0.1:${port}`, stop }
}

const isInstalled = async () => (await run(['redis-server', '--version'], { isQuiet: true })).code === 0

function outputOf(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (part) => (text += part))
  return () => text.trim()
}

async function answersPing(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    return answer.toString().startsWith('+PONG')
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
