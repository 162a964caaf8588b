import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../tools/stack/ports.ts'
import type { Scope } from '../scope.ts'

const root = join(import.meta.dirname, '../..')
const watchOption = `--import=${join(root, 'bin/parent-watch.mjs')}`
export const tokenSecret = 'a secret of the benchmark'
const apiKey = 'a key of the benchmark'

/** A process under load, and how to reach it. */
export type Server = {
  name: string
  pid: number
  port: number
  api(method: string, request: object): Promise<void>
  stop(): Promise<void>
}

export type StartServer = { name: string; start(scope: Scope): Promise<Server> }

/** The same file for both servers of the protocol: what one can do, the other is asked to do. */
const config = (port: number) => ({
  http_server: { address: '127.0.0.1', port },
  client: {
    token: { hmac_secret_key: tokenSecret },
    allowed_origins: ['*'],
    ping_interval: '120s',
    stale_close_delay: '60s',
  },
  http_api: { key: apiKey },
  log: { level: 'error' },
  health: { enabled: true },
  channel: {
    namespaces: [
      { name: 'live', allow_subscribe_for_client: true },
      {
        name: 'personal',
        allow_subscribe_for_client: true,
        history_size: 100,
        history_ttl: '600s',
        force_recovery: true,
      },
    ],
  },
})

export const ourHub: StartServer = {
  name: 'hub',
  start: (scope) =>
    startConfigured(scope, 'hub', (file) =>
      spawn(process.execPath, [watchOption, 'hub/standalone/main.ts', '--config', file], {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    ),
}

export function centrifugo(binary: string): StartServer {
  return {
    name: 'Centrifugo',
    start: (scope) =>
      startConfigured(scope, 'Centrifugo', (file) =>
        spawn(binary, ['-c', file], { stdio: ['ignore', 'ignore', 'ignore'] }),
      ),
  }
}

/** What a Node process needs for its sockets alone; `floor-server.ts` says more. */
export const floor: StartServer = {
  name: 'bare sockets',
  async start(scope) {
    scope.assertOpen()
    const child = spawn(process.execPath, [watchOption, join(import.meta.dirname, 'floor-server.ts')], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const stop = () => end(child)
    scope.onEnd(stop)
    const [line] = (await once(child.stdout!, 'data')) as [Buffer]
    const [port = 0, apiPort = 0] = line.toString().trim().split(' ').map(Number)
    return { name: 'bare sockets', pid: child.pid!, port, api: caller(apiPort), stop }
  },
}

async function startConfigured(scope: Scope, name: string, run: (file: string) => ChildProcess): Promise<Server> {
  scope.assertOpen()
  const port = await freePort()
  const file = join(scope.folder(), 'config.json')
  writeFileSync(file, JSON.stringify(config(port)))
  const child = run(file)
  const stop = () => end(child)
  scope.onEnd(stop)
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`)
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    if (answer?.ok) return { name, pid: child.pid!, port, api: caller(port), stop }
    await sleep(50)
  }
  throw new Error(`${name} did not start`)
}

function caller(port: number): Server['api'] {
  return async (method, request) => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/${method}`, {
      method: 'POST',
      headers: { 'X-API-Key': apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify(request),
    })
    const text = await answer.text()
    if (!answer.ok || text.startsWith('{"error"')) throw new Error(`${method}: ${answer.status} ${text.slice(0, 200)}`)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
