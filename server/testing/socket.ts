import assert from 'node:assert/strict'
import type { Tokens } from '@grandchat/contracts/realtime/schema'
import type { Person } from './person.ts'

type Reply = { id?: number; error?: { code: number; message: string }; push?: Push; [method: string]: unknown }
export type Push = {
  channel?: string
  pub?: { data: unknown; info?: { user: string } }
  unsubscribe?: { code: number }
}

/** A command was refused with this code; or the whole connection was, with one of 3000 and more. */
export type Outcome = 'ok' | number

/** A WebSocket that says exactly what it is told to, unlike the SDK, which says only what is right. */
export class Socket {
  readonly pushes: Push[] = []
  readonly closed: Promise<number>
  #webSocket: WebSocket
  #lastId = 0
  #waiting = new Map<number, (reply: Reply) => void>()
  #changed: () => void = () => undefined

  private constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket
    this.closed = new Promise((resolve) => webSocket.addEventListener('close', ({ code }) => resolve(code)))
    webSocket.addEventListener('message', ({ data }) => {
      for (const line of String(data).split('\n')) this.#receive(JSON.parse(line) as Reply)
    })
  }

  static open(url: string, path = '/connection/websocket', headers: Record<string, string> = {}): Promise<Socket> {
    // Node's WebSocket takes headers, which the type of browsers does not know.
    const options = { headers } as unknown as string[]
    const webSocket = new WebSocket(url.replace('http', 'ws') + path, options)
    return new Promise((resolve, reject) => {
      webSocket.addEventListener('open', () => resolve(new Socket(webSocket)))
      webSocket.addEventListener('error', () => reject(new Error('the handshake was refused')))
    })
  }

  /** Open and connected as someone. */
  static async of(person: Person): Promise<Socket> {
    const socket = await Socket.open(person.url)
    const { connection } = await person.post<Tokens>('/api/token/')
    const outcome = await socket.ask('connect', { token: connection })
    if (outcome !== 'ok') throw new Error(`the connection was refused (${outcome})`)
    return socket
  }

  send(text: string): void {
    this.#webSocket.send(text)
  }

  async ask(method: string, request: object = {}): Promise<Outcome> {
    const answer = await this.#command(method, request)
    return typeof answer === 'number' ? answer : (answer.error?.code ?? 'ok')
  }

  /** What the command brought, if it was not refused. */
  async result(method: string, request: object = {}): Promise<unknown> {
    const answer = await this.#command(method, request)
    return typeof answer === 'number' ? undefined : answer[method]
  }

  /** Resolves with the first push that is one of those looked for. */
  async push(isIt: (push: Push) => boolean): Promise<Push> {
    for (;;) {
      const found = this.pushes.find(isIt)
      if (found) return found
      await new Promise<void>((resolve) => (this.#changed = resolve))
    }
  }

  close(): void {
    this.#webSocket.close()
  }

  #command(method: string, request: object): Promise<Reply | number> {
    const id = ++this.#lastId
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve))
    this.send(JSON.stringify({ id, [method]: request }))
    return Promise.race([reply, this.closed])
  }

  #receive(reply: Reply): void {
    if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply)
    if (!reply.push) return
    this.pushes.push(reply.push)
    this.#changed()
  }
}

export async function tokensOf(person: Person, ...channels: string[]): Promise<Tokens> {
  return person.post<Tokens>('/api/token/', { channels })
}

export async function subscriptionToken(person: Person, channel: string): Promise<string> {
  const token = (await tokensOf(person, channel)).subscriptions[channel]
  assert.ok(token, `${person.username} gets a token for ${channel}`)
  return token
}

export function subscribe(socket: Socket, channel: string, token?: string): Promise<Outcome> {
  return socket.ask('subscribe', { channel, ...(token !== undefined && { token }) })
}
