import type { Proxy } from './proxy.ts'
import type { Traffic } from './traffic.ts'

const patienceMs = 5_000

type Reply = { id?: number; error?: { code: number } } & Record<string, unknown>

/** A socket that says whatever it is told to, unlike the SDK. */
export class Wire {
  #socket: WebSocket
  #opened: Promise<boolean>
  #ended: Promise<undefined>
  #end = () => {}
  #lastId = 0
  #waiting = new Map<number, (reply: Reply | undefined) => void>()
  isClosed = false

  constructor(network: Proxy, traffic: Traffic) {
    const Recorded = traffic.WebSocket
    this.#socket = new Recorded(`ws://127.0.0.1:${network.port}/connection/websocket`)
    this.#opened = new Promise((resolve) => this.#socket.addEventListener('open', () => resolve(true)))
    this.#ended = new Promise((resolve) => (this.#end = () => resolve(undefined)))
    void this.#ended.then(() => this.close())
    this.#socket.addEventListener('close', () => this.#end())
    this.#socket.addEventListener('error', () => {})
    this.#socket.addEventListener('message', ({ data }) => {
      for (const line of String(data).split('\n')) this.#receive(JSON.parse(line) as Reply)
    })
  }

  /** Undefined if the connection ended instead. */
  async ask(method: string, request: object): Promise<Reply | undefined> {
    const isOpen = await this.#soon(this.#opened)
    if (this.isClosed || !isOpen) return undefined
    const id = ++this.#lastId
    const reply = new Promise<Reply | undefined>((resolve) => this.#waiting.set(id, resolve))
    this.#socket.send(JSON.stringify({ id, [method]: request }))
    return this.#soon(reply)
  }

  close(): void {
    this.isClosed = true
    this.#socket.close()
  }

  /** A connection that went silent may never be told that it is over. */
  async #soon<T>(answer: Promise<T>): Promise<T | undefined> {
    const timer = setTimeout(() => this.#end(), patienceMs)
    try {
      return await Promise.race([answer, this.#ended])
    } finally {
      clearTimeout(timer)
    }
  }

  #receive(reply: Reply): void {
    // A ping.
    if (Object.keys(reply).length === 0) return this.#socket.send('{}')
    if (reply.id === undefined) return
    this.#waiting.get(reply.id)?.(reply)
    this.#waiting.delete(reply.id)
  }
}
