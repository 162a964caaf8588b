import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import { type Direction, Flow } from './flow.ts'

/** What a proxy does to the bytes that it passes on. Everything may be changed while connections are open. */
export type Toxics = {
  /** Each piece arrives this much later; pieces do not wait for each other. */
  latencyMs: number
  /** In each direction of each connection; 0: as fast as it goes. */
  bytesPerSecond: number
  /** Nothing passes in this direction, and nobody is told. What is held passes after the heal, as TCP would repeat it. */
  blackhole: Direction | 'both' | undefined
  /** New connections are reset at once. */
  isRefusing: boolean
  /** A connection is reset after this many bytes to the server. */
  cutAfterBytes: number
  /** Resets the connection instead of passing on the answer to a request that the server has had in full. */
  cutAnswer: ((request: string) => boolean) | undefined
}

export const healthy: Toxics = {
  latencyMs: 0,
  bytesPerSecond: 0,
  blackhole: undefined,
  isRefusing: false,
  cutAfterBytes: Number.POSITIVE_INFINITY,
  cutAnswer: undefined,
}

type Link = { client: Socket; server: Socket; sent: number; isDoomed: boolean }

/** A TCP proxy on a free loopback port in front of one server, which may come and go. */
export class Proxy {
  readonly toxics: Toxics = { ...healthy }
  port = 0
  /** Answers that were cut so far. */
  cuts = 0
  #target: { port: number }
  #server: Server
  #links = new Set<Link>()

  private constructor(target: { port: number }) {
    this.#target = target
    // Half-closed connections stay so: one side may still have to speak.
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client))
  }

  /** `target.port` is looked at anew for each connection. */
  static async listen(target: { port: number }): Promise<Proxy> {
    const proxy = new Proxy(target)
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(0, '127.0.0.1', resolve)
    })
    proxy.port = (proxy.#server.address() as AddressInfo).port
    return proxy
  }

  get connections(): number {
    return this.#links.size
  }

  set(toxics: Partial<Toxics>): void {
    Object.assign(this.toxics, toxics)
  }

  /** From now on everything passes; what was held goes on its way. */
  heal(): void {
    this.set(healthy)
  }

  /** Both sides of every connection are told at once (RST). */
  reset(): void {
    for (const link of this.#links) this.#cut(link)
  }

  /** The server's side of every connection ends; its client is told nothing and finds out by itself. */
  halfOpen(): void {
    for (const { server } of this.#links) resetNow(server)
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const { client, server } of this.#links) {
      client.destroy()
      server.destroy()
    }
    await closed
  }

  #accept(client: Socket): void {
    client.on('error', ignore)
    if (this.toxics.isRefusing) return resetNow(client)
    const server = connect({ port: this.#target.port, host: '127.0.0.1', allowHalfOpen: true })
    const link: Link = { client, server, sent: 0, isDoomed: false }
    this.#links.add(link)
    client.setNoDelay(true)
    server.setNoDelay(true)
    const up = new Flow(client, server, () => this.#held('up'))
    const down = new Flow(server, client, () => this.#held('down'))
    up.onPass = (bytes) => this.#sent(link, bytes)
    down.onPass = () => this.#answered(link)
    server.on('error', () => resetNow(client))
    const forget = () => {
      if (!client.destroyed || !server.destroyed) return
      up.stop()
      down.stop()
      this.#links.delete(link)
    }
    client.on('close', () => {
      server.destroy()
      forget()
    })
    server.on('close', forget)
  }

  #held(direction: Direction) {
    const { latencyMs, bytesPerSecond, blackhole } = this.toxics
    return { latencyMs, bytesPerSecond, isHeld: blackhole === direction || blackhole === 'both' }
  }

  #sent(link: Link, bytes: Buffer): boolean {
    const { cutAnswer, cutAfterBytes } = this.toxics
    link.sent += bytes.length
    if (link.sent > cutAfterBytes) return this.#cut(link)
    if (cutAnswer?.(bytes.toString('latin1'))) link.isDoomed = true
    return true
  }

  #answered(link: Link): boolean {
    if (!link.isDoomed) return true
    this.cuts++
    return this.#cut(link)
  }

  #cut({ client, server }: Link): false {
    resetNow(client)
    resetNow(server)
    return false
  }
}

/**
 * After `end` the system refuses to reset, and Node would keep the handle for ever: the process then never exits. One that
 * is still connecting would be reset only once it is connected.
 */
function resetNow(socket: Socket): void {
  if (socket.writableEnded || socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}

function ignore() {}
