import { connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Centrifuge } from 'centrifuge'
import { SignJWT } from 'jose'
import { WebSocket } from 'ws'
import type { Hub } from '../hub.ts'
import type { Namespace } from '../options.ts'
import { type Standalone, startStandalone } from '../standalone/server.ts'
import { random } from '../test/random.ts'
import { apiBody, calledMethods, jsonFrame, protobufFrame, webSocketFrame } from './cases.ts'
import { identityIn } from './streams.ts'
import { jsonConnect, protobufConnect, upgradeRequest, whole } from './sockets.ts'
import { anyValue, mutated } from './values.ts'

export const kinds = ['json', 'protobuf', 'websocket', 'upgrade', 'stream', 'emulation', 'api'] as const
export type Kind = (typeof kinds)[number]
export type Case = { kind: Kind; seed: number }

const history = { historySize: 20, historyTtlSeconds: 60, historyMetaTtlSeconds: 60 }
const everything: Omit<Namespace, 'name'> = {
  ...history,
  presence: true,
  joinLeave: true,
  allowRecovery: true,
  allowPositioning: true,
  allowSubscribeForClient: true,
  allowSubscribeForAnonymous: true,
  allowPublishForClient: true,
  allowPublishForAnonymous: true,
  allowHistoryForClient: true,
  allowHistoryForAnonymous: true,
  allowPresenceForClient: true,
  allowPresenceForAnonymous: true,
  allowUserLimitedChannels: true,
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** More than what streams and caches take whose names hostile clients choose, and much less than a leak of each. */
const leakBytes = 16 * 1024 * 1024

/** A hub that anybody may do nearly everything with, and a witness who must not notice. */
export class World {
  readonly #hub: Standalone
  readonly #witness: Centrifuge
  readonly #heard: number[] = []
  #wake: (() => void) | undefined
  #ends = 0
  #beats = 0
  #faults: string[] = []

  private constructor(hub: Standalone, witness: Centrifuge) {
    this.#hub = hub
    this.#witness = witness
  }

  static async start(): Promise<World> {
    const faults: string[] = []
    const fault = (fields: object, message: string) =>
      void faults.push(`${message} ${String('err' in fields ? (fields.err as Error).stack : '')}`)
    const nothing = () => {}
    const hub = await startStandalone(
      {
        hub: {
          token: { hmacSecretKey: 'secret' },
          allowedOrigins: ['*'],
          client: { allowAnonymousConnectWithoutToken: true, staleCloseDelaySeconds: 2, closeTimeoutSeconds: 1 },
          namespaces: [
            {
              name: 'witness',
              historySize: 5,
              historyTtlSeconds: 60,
              forceRecovery: true,
              allowSubscribeForClient: true,
              allowSubscribeForAnonymous: true,
            },
            { name: 'open', ...everything },
            { name: 'delta', ...everything, allowedDeltaTypes: ['fossil'], deltaPublish: true },
            { name: 'cache', ...everything, forceRecovery: true, forceRecoveryMode: 'cache', autoCacheRecover: true },
            { name: 'tagged', ...everything, allowTagsFilter: true },
            { name: 'closed', ...history },
          ],
        },
        server: {
          address: '127.0.0.1',
          port: 0,
          isApiInsecure: true,
          hasHttpStream: true,
          hasSse: true,
          hasHealth: true,
          hasMetrics: true,
        },
      },
      { logger: { debug: nothing, info: nothing, warn: nothing, error: fault } },
    )
    const token = await new SignJWT({ sub: 'witness' })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('secret'))
    const witness = new Centrifuge(`ws://127.0.0.1:${hub.port}/connection/websocket`, { websocket: WebSocket, token })
    const world = new World(hub, witness)
    world.#faults = faults
    const subscription = witness.newSubscription('witness:1')
    subscription.on('publication', ({ data }) => {
      world.#heard.push(data as number)
      world.#wake?.()
    })
    witness.on('connecting', ({ code }) => (world.#ends += code === 0 ? 0 : 1))
    witness.on('disconnected', () => world.#ends++)
    subscription.on('subscribing', ({ code }) => (world.#ends += code === 0 ? 0 : 1))
    subscription.subscribe()
    witness.connect()
    await subscription.ready(5000)
    return world
  }

  async stop(): Promise<void> {
    this.#witness.disconnect()
    await this.#hub.close()
  }

  /** Does what the case says, and throws when the hub or the witness was hurt by it. */
  async run({ kind, seed }: Case): Promise<void> {
    const generator = random(seed)
    if (kind === 'api') await this.#call(generator)
    else if (kind === 'stream') await this.#stream(generator)
    else if (kind === 'emulation') await this.#emulate(generator)
    else if (kind === 'upgrade') await this.#upgrade(generator)
    else await this.#socket(kind, generator)
    await this.#check()
  }

  /** For showing that harm is noticed. */
  get hub(): Hub {
    return this.#hub.hub
  }

  /** Bytes in use when all hostile clients are gone. */
  async measure(): Promise<number> {
    while (this.#hub.hub.info().nodes[0]?.num_clients !== 1) await nextTurn()
    // What one collection lets go of, the next one frees.
    for (let n = 0; n < 2; n++) {
      collectGarbage()
      await nextTurn()
    }
    return process.memoryUsage().heapUsed
  }

  static isLeak(before: number, after: number): boolean {
    return after - before > leakBytes
  }

  async #check(): Promise<void> {
    const beat = ++this.#beats
    await this.#hub.hub.publish('witness:1', beat)
    const tooLate = AbortSignal.timeout(10_000)
    while (this.#heard.at(-1) !== beat) {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve
        const giveUp = () => reject(new Error('the witness hears nothing any more'))
        tooLate.addEventListener('abort', giveUp, { once: true })
      })
    }
    const expected = Array.from({ length: this.#heard.length }, (_, n) => beat - this.#heard.length + 1 + n)
    if (String(this.#heard) !== String(expected)) throw new Error(`the witness heard ${this.#heard.join(', ')}`)
    this.#heard.length = 0
    if (this.#ends > 0) throw new Error('the witness was disturbed')
    if (this.#faults.length > 0) throw new Error(this.#faults.join('\n'))
  }

  async #socket(kind: 'json' | 'protobuf' | 'websocket', generator: ReturnType<typeof random>): Promise<void> {
    const query = kind === 'protobuf' ? '?format=protobuf' : ''
    const socket = connect(this.#hub.port, '127.0.0.1')
    const closed = new Promise<void>((resolve) => socket.once('close', resolve))
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.write(upgradeRequest(query))
    if (generator.below(5) > 0) socket.write(whole(kind === 'protobuf' ? protobufConnect : jsonConnect))
    for (let n = generator.below(6) + 1; n > 0; n--) {
      const payload = kind === 'protobuf' ? protobufFrame(generator) : jsonFrame(generator)
      socket.write(kind === 'websocket' ? webSocketFrame(generator, payload) : whole(payload, kind === 'protobuf'))
    }
    const ending = generator.pick(['finish', 'finish', 'cut off', 'cut off later'])
    if (ending === 'finish') socket.end()
    else {
      if (ending === 'cut off later') await new Promise((resolve) => setImmediate(resolve))
      socket.destroy()
    }
    await closed
  }

  /** A handshake of which parts are wrong, with what may come behind it. */
  async #upgrade(generator: ReturnType<typeof random>): Promise<void> {
    const socket = connect(this.#hub.port, '127.0.0.1')
    const closed = new Promise<void>((resolve) => socket.once('close', resolve))
    socket.on('error', () => {})
    const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()))
    const request = Buffer.from(
      upgradeRequest(generator.pick(['', '?format=protobuf', '?cf_protocol=x&format=']), generator),
    )
    socket.write(generator.below(2) === 0 ? mutated(generator, request) : request)
    if (generator.below(2) === 0) socket.write(webSocketFrame(generator, jsonFrame(generator)))
    if (generator.below(2) === 0) await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 5))])
    if (generator.below(2) === 0) socket.destroy()
    else socket.destroySoon()
    await closed
  }

  /** The requests of a client that has a stream, all at once, while the stream may end. */
  async #emulate(generator: ReturnType<typeof random>): Promise<void> {
    const abort = new AbortController()
    const path = generator.pick(['/connection/http_stream', '/connection/sse'])
    const stream = await fetch(this.#hub.url + path, {
      method: 'POST',
      body: new Uint8Array(jsonConnect),
      signal: abort.signal,
    })
    const { session, node } = await identityIn(stream)
    const posts = Array.from({ length: generator.below(8) + 1 }, async () => {
      const frame = generator.below(10) === 0 ? '{}' : jsonFrame(generator).toString()
      const own = { session, node, data: frame }
      const body =
        generator.below(4) === 0 ? { ...own, [generator.pick(['session', 'node', 'data'])]: anyValue(generator) } : own
      const { status } = await fetch(`${this.#hub.url}/emulation`, { method: 'POST', body: JSON.stringify(body) })
      if (![204, 400, 404, 413].includes(status)) throw new Error(`/emulation answered ${status}`)
    })
    if (generator.below(2) === 0) abort.abort()
    await Promise.all(posts)
    abort.abort()
  }

  async #stream(generator: ReturnType<typeof random>): Promise<void> {
    const path = generator.pick(['/connection/http_stream', '/connection/sse', '/emulation'])
    const isProtobuf = generator.below(3) === 0
    const body = generator.below(3) === 0 ? jsonConnect : isProtobuf ? protobufFrame(generator) : jsonFrame(generator)
    const abort = new AbortController()
    const response = await fetch(`${this.#hub.url}${path}`, {
      method: generator.pick(['POST', 'POST', 'POST', 'PUT', 'OPTIONS']),
      headers: { 'Content-Type': isProtobuf ? 'application/octet-stream' : 'application/json' },
      body: new Uint8Array(body),
      signal: abort.signal,
    })
    abort.abort()
    if (response.status >= 500) throw new Error(`${path} answered ${response.status}`)
  }

  async #call(generator: ReturnType<typeof random>): Promise<void> {
    const method = generator.pick(calledMethods)
    const response = await fetch(`${this.#hub.url}/api/${method}`, {
      method: generator.below(12) === 0 ? 'GET' : 'POST',
      headers: generator.below(2) === 0 ? { 'X-Centrifugo-Error-Mode': 'transport' } : {},
      ...(generator.below(12) > 0 && { body: new Uint8Array(apiBody(generator)) }),
    }).catch((error: unknown) => {
      // A GET with a body is refused by the generator's own library.
      if (error instanceof TypeError && /GET\/HEAD/.test(error.message)) return undefined
      throw error
    })
    const text = await response?.text()
    if (response && response.status >= 500) throw new Error(`/api/${method} answered ${response.status} ${text}`)
    if (text?.includes('"code":100,')) throw new Error(`/api/${method} failed inside: ${text}`)
  }
}
