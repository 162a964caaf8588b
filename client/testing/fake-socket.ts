type Command = {
  id: number
  connect?: { token?: string }
  subscribe?: { channel: string; token?: string; recover?: boolean }
  unsubscribe?: { channel: string }
}

/** The server's side of the real-time protocol, as far as these tests need it. */
export class FakeHub {
  readonly sockets: FakeSocket[] = []
  readonly connectTokens: (string | undefined)[] = []
  readonly subscribed: { channel: string; token: string | undefined; recover: boolean }[] = []
  readonly unsubscribed: string[] = []
  /** How a reconnecting subscription is answered. */
  recovers = true
  /** Refuses connections, as a proxy that knows no WebSocket does. */
  isBlocked = false

  /** What the client takes for `WebSocket`. */
  get WebSocket(): typeof globalThis.WebSocket {
    const open = (url: string) => new FakeSocket(this, url)
    // A function that returns an object can be called with `new`, like the built-in.
    return function Socket(url: string) {
      return open(url)
    } as unknown as typeof globalThis.WebSocket
  }

  publish(channel: string, data: unknown): void {
    this.sockets.at(-1)?.receive({ push: { channel, pub: { data, offset: 1 } } })
  }

  answer(socket: FakeSocket, command: Command): void {
    const { id, connect, subscribe } = command
    if (connect) {
      this.connectTokens.push(connect.token)
      socket.receive({ id, connect: { client: 'c', version: 'fake', ping: 25, pong: true } })
    } else if (subscribe) {
      const { channel, token, recover = false } = subscribe
      this.subscribed.push({ channel, token, recover })
      const recovery = recover ? { was_recovering: true, recovered: this.recovers } : {}
      const position = { recoverable: true, positioned: true, epoch: 'x', offset: 0 }
      socket.receive({ id, subscribe: { ...position, ...recovery } })
    } else if (command.unsubscribe) {
      this.unsubscribed.push(command.unsubscribe.channel)
      socket.receive({ id, unsubscribe: {} })
    }
  }
}

class FakeSocket {
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number; reason: string }) => void) | null = null
  onerror: ((event: object) => void) | null = null
  readonly url: string
  readonly #hub: FakeHub

  constructor(hub: FakeHub, url: string) {
    this.#hub = hub
    this.url = url
    hub.sockets.push(this)
    queueMicrotask(() => {
      if (hub.isBlocked) {
        this.onerror?.({})
        this.end(1006, '')
        return
      }
      this.readyState = 1
      this.onopen?.()
    })
  }

  send(data: string): void {
    for (const line of data.split('\n')) {
      const command = JSON.parse(line) as Command
      if (command.id !== undefined) this.#hub.answer(this, command)
    }
  }

  close(): void {
    this.end(1000, '')
  }

  receive(message: object): void {
    queueMicrotask(() => {
      if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(message) })
    })
  }

  /** The server closes. */
  end(code: number, reason: string): void {
    if (this.readyState === 3) return
    this.readyState = 3
    queueMicrotask(() => this.onclose?.({ code, reason }))
  }
}
