import type { Proxy } from './proxy.ts'
import type { Traffic } from './traffic.ts'

type Reply = { id?: number; error?: { code: number } } & Record<string, unknown>

/** A socket that says whatever it is told to, unlike the SDK. */
export class Wire {
  #socket: WebSocket
  #opened: Promise<boolean>
  #lastId = 0
  #waiting = new Map<number, (reply: Reply | undefined) => void>()
  isClosed = false

  constructor(network: Proxy, traffic: Traffic) {
    const Recorded = traffic.WebSocket
    this.#socket = new Recorded(`ws://127.0.0.1:${network.port}/connection/websocket`)
    this.#opened = new Promise((resolve) => {
      this.#socket.addEventListener('open', () => resolve(true))
      this.#socket.addEventListener('close', () => {
        this.isClosed = true
        resolve(false)
        for (const answer of this.#waiting.values()) answer(undefined)
      })
    })
    this.#socket.addEventListener('error', () => {})
    this.#socket.addEventListener('message', ({ data }) => {
      for (const line of String(data).split('\n')) this.#receive(JSON.parse(line) as Reply)
    })
  }

  /** Undefined if the connection ended instead. */
  async ask(method: string, request: object): Promise<Reply | undefined> {
    if (this.isClosed || !(await this.#opened)) return undefined
    const id = ++this.#lastId
    const reply = new Promise<Reply | undefined>((resolve) => this.#waiting.set(id, resolve))
    this.#socket.send(JSON.stringify({ id, [method]: request }))
    return reply
  }

  close(): void {
    this.#socket.close()
  }

  #receive(reply: Reply): void {
    // A ping.
    if (Object.keys(reply).length === 0) return this.#socket.send('{}')
    if (reply.id === undefined) return
    this.#waiting.get(reply.id)?.(reply)
    this.#waiting.delete(reply.id)
  }
}
