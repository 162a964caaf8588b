import type { TestContext } from 'node:test'
import { type ClientOptions, WebSocket } from 'ws'
import { channelToken, connectionToken, type TestHub } from './fixture.ts'

export type Message = Record<string, unknown>

/** A socket without the SDK, for what the SDK never does and never shows. */
export class RawClient {
  readonly socket: WebSocket
  readonly closed: Promise<{ code: number; reason: string }>
  /** Frames as they came. */
  readonly frames: string[] = []
  readonly #messages: Message[] = []
  #wake: (() => void) | undefined
  #isClosed = false
  #id = 0

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer) => this.#receive(data.toString()))
    socket.on('error', () => {})
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#isClosed = true
        this.#wake?.()
        resolve({ code, reason: reason.toString() })
      })
    })
  }

  send(...commands: Array<object | string>): void {
    this.socket.send(
      commands.map((command) => (typeof command === 'string' ? command : JSON.stringify(command))).join('\n'),
    )
  }

  /** Sends one command and returns its reply; pushes before it stay to be read. */
  async call(method: string, request: object = {}): Promise<Message> {
    const id = ++this.#id
    this.send({ id, [method]: request })
    return this.next((message) => message['id'] === id)
  }

  /** What a call returned: the result's members, or the code of the error. */
  async ask(method: string, request: object = {}): Promise<unknown> {
    const reply = await this.call(method, request)
    return errorCode(reply) ?? reply[method]
  }

  /** The next message that meets the condition, taken out of what came. */
  async next(condition: (message: Message) => boolean = isPush): Promise<Message> {
    for (;;) {
      const index = this.#messages.findIndex(condition)
      const [found] = index === -1 ? [] : this.#messages.splice(index, 1)
      if (found) return found
      if (this.#isClosed) throw new Error('The socket was closed before the message came.')
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async nextPush(): Promise<Message> {
    return (await this.next())['push'] as Message
  }

  /** Everything that came and was not taken. */
  rest(): Message[] {
    return this.#messages.splice(0)
  }

  async subscribe(channel: string, request: object = {}): Promise<Message> {
    const reply = await this.call('subscribe', { channel, ...request })
    if (!reply['subscribe']) throw new Error(`Not subscribed: ${JSON.stringify(reply)}`)
    return reply['subscribe'] as Message
  }

  #receive(frame: string): void {
    this.frames.push(frame)
    this.#messages.push(...frame.split('\n').map((text) => JSON.parse(text) as Message))
    this.#wake?.()
  }
}

export function errorCode(reply: Message): number | undefined {
  return (reply['error'] as { code: number } | undefined)?.code
}

/** A socket that has sent nothing. */
export async function openRaw(t: TestContext, { url }: TestHub, options: ClientOptions = {}, protocols: string[] = []) {
  const socket = new WebSocket(url, protocols, options)
  const client = new RawClient(socket)
  t.after(() => socket.terminate())
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return client
}

export async function connectRaw(t: TestContext, hub: TestHub, user: string, claims: object = {}) {
  const client = await openRaw(t, hub)
  const reply = await client.call('connect', { token: await connectionToken(user, { ...claims }) })
  if (!reply['connect']) throw new Error(`Not connected: ${JSON.stringify(reply)}`)
  return client
}

/** With a token for the channel; returns the result. */
export async function subscribeWithToken(client: RawClient, user: string, channel: string, request: object = {}) {
  return client.subscribe(channel, { token: await channelToken(user, channel), ...request })
}

/** The HTTP status with which an upgrade was refused. */
export function refusedUpgrade({ url }: Pick<TestHub, 'url'>, options: ClientOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options)
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(response.statusCode ?? 0)
    })
    socket.on('open', () => {
      socket.terminate()
      reject(new Error('It was let in.'))
    })
    socket.on('error', () => {})
  })
}

const isPush = (message: Message) => message['push'] !== undefined
