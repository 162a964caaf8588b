import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'

const main = join(import.meta.dirname, '../../standalone/main.ts')
/** Most of a start is compiling, and these tests start the hub some twenty times. */
const compileCache = join(import.meta.dirname, '../../../node_modules/.cache/hub-program')

export type Environment = Record<string, string>

export const secret = 'a secret of the environment'

/** How people start a server for the tests of a client: everything is on, and nothing is asked for. */
export const everythingOn: Environment = {
  CENTRIFUGO_CLIENT_INSECURE: 'true',
  CENTRIFUGO_HTTP_API_INSECURE: 'true',
  CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: secret,
  CENTRIFUGO_CLIENT_ALLOWED_ORIGINS: '*',
  CENTRIFUGO_HTTP_STREAM_ENABLED: 'true',
  CENTRIFUGO_SSE_ENABLED: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_PRESENCE: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_JOIN_LEAVE: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_FORCE_PUSH_JOIN_LEAVE: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_HISTORY_SIZE: '100',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_HISTORY_TTL: '300s',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_FORCE_RECOVERY: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_DELTA_PUBLISH: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_ALLOWED_DELTA_TYPES: 'fossil',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_ALLOW_TAGS_FILTER: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_ALLOW_SUBSCRIBE_FOR_CLIENT: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_ALLOW_PUBLISH_FOR_CLIENT: 'true',
}

/** The same, but nobody gets in without a token, and rights end when tokens say so. */
export const withTokens: Environment = {
  ...everythingOn,
  CENTRIFUGO_CLIENT_INSECURE: 'false',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_ALLOW_HISTORY_FOR_CLIENT: 'true',
  CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_ALLOW_PRESENCE_FOR_CLIENT: 'true',
}

/** The hub as a process of its own, which outlives a restart at the same address. */
export class Program {
  readonly #environment: Environment
  #child: ChildProcess | undefined
  #port = 0

  constructor(environment: Environment) {
    this.#environment = environment
  }

  get http(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  get webSocket(): string {
    return `ws://127.0.0.1:${this.#port}/connection/websocket`
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [main], {
      env: {
        NODE_COMPILE_CACHE: compileCache,
        CENTRIFUGO_HTTP_SERVER_ADDRESS: '127.0.0.1',
        CENTRIFUGO_HTTP_SERVER_PORT: String(this.#port),
        ...this.#environment,
      },
      cwd: import.meta.dirname,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    const said: string[] = []
    for await (const line of createInterface(child.stderr)) {
      said.push(line)
      const { port } = JSON.parse(line.startsWith('{') ? line : '{}') as { port?: number }
      if (port === undefined) continue
      this.#port = port
      child.stderr.resume()
      return
    }
    assert.fail(`It did not start: ${said.join('\n')}`)
  }

  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  /** A call of the server API; an error of it fails the test. */
  async api<T = Record<string, unknown>>(method: string, body: object = {}): Promise<T> {
    const response = await fetch(`${this.http}/api/${method}`, { method: 'POST', body: JSON.stringify(body) })
    const { result, error } = (await response.json()) as { result?: T; error?: object }
    assert.equal(error, undefined, `${method}: ${JSON.stringify(error)}`)
    return result as T
  }

  publish(channel: string, data: unknown, more: object = {}): Promise<{ offset?: number; epoch?: string }> {
    return this.api('publish', { channel, data, ...more })
  }
}

/** One for all tests of a file, gone with them. */
export async function startProgram(environment: Environment = everythingOn): Promise<Program> {
  const program = new Program(environment)
  after(() => program.stop())
  await program.start()
  return program
}

let channels = 0

/** A channel that no other test uses. */
export const newChannel = (name = 'channel') => `${name}_${++channels}`
