import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import type { Message } from '../raw.ts'
import { eventsOf } from './event-source.ts'
import { open, send } from './http.ts'
import type { ServerUnderTest } from './server.ts'
import { connectionToken } from './tokens.ts'

/** A client of one of the transports that answer on one connection and are spoken to on others. */
export class StreamClient {
  readonly response: IncomingMessage
  /** Of the disconnect that the server told, if it told one. */
  readonly closed: Promise<Message | undefined>
  readonly #server: ServerUnderTest
  readonly #messages: Message[] = []
  #wake: (() => void) | undefined
  #isClosed = false
  #session = ''
  #node = ''
  #id = 1

  constructor(server: ServerUnderTest, response: IncomingMessage, texts: AsyncIterable<string>) {
    this.#server = server
    this.response = response
    this.closed = this.#receiveAll(texts)
  }

  /** Sends a frame on a request of its own; returns the status of the answer. */
  async emulate(...commands: object[]): Promise<number> {
    const data = commands.map((command) => JSON.stringify(command)).join('\n')
    const body = JSON.stringify({ session: this.#session, node: this.#node, data })
    return (await send(this.#server.emulationUrl, { headers: { 'content-type': 'application/json' }, body })).status
  }

  /** What a command returned: the result's members, or the code of the error. */
  async ask(method: string, request: object = {}): Promise<unknown> {
    const id = ++this.#id
    await this.emulate({ id, [method]: request })
    const reply = await this.next((message) => message['id'] === id)
    return (reply['error'] as { code: number } | undefined)?.code ?? reply[method]
  }

  async next(condition: (message: Message) => boolean = ({ push }) => push !== undefined): Promise<Message> {
    for (;;) {
      const index = this.#messages.findIndex(condition)
      const [found] = index === -1 ? [] : this.#messages.splice(index, 1)
      if (found) return found
      if (this.#isClosed) throw new Error('The stream ended before the message came.')
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  /** The reply to the connect command that opened the stream. */
  async connected(): Promise<Message> {
    const { connect, error } = await this.next((message) => message['id'] === 1)
    if (!connect) throw new Error(`Not connected: ${JSON.stringify(error)}`)
    const result = connect as { session: string; node: string }
    this.#session = result.session
    this.#node = result.node
    return connect as Message
  }

  async #receiveAll(texts: AsyncIterable<string>): Promise<Message | undefined> {
    let disconnect: Message | undefined
    try {
      for await (const text of texts) {
        const message = JSON.parse(text) as Message
        const push = message['push'] as Message | undefined
        disconnect = (push?.['disconnect'] as Message | undefined) ?? disconnect
        this.#messages.push(message)
        this.#wake?.()
      }
    } catch {
      // Cut off, which is an end as well.
    }
    this.#isClosed = true
    this.#wake?.()
    return disconnect
  }
}

export type StreamTransport = 'http_stream' | 'sse'

/** Opens a stream with any first command; fails when it is not answered with 200. */
export async function openStream(
  t: TestContext,
  server: ServerUnderTest,
  transport: StreamTransport,
  command: object | string,
): Promise<StreamClient> {
  const frame = typeof command === 'string' ? command : JSON.stringify(command)
  const response =
    transport === 'sse'
      ? await open(`${server.sseUrl}?cf_connect=${encodeURIComponent(frame)}`, { method: 'GET' })
      : await open(server.httpStreamUrl, { headers: { 'content-type': 'application/json' }, body: frame })
  t.after(() => response.destroy())
  if (response.statusCode !== 200) throw new Error(`Refused with ${response.statusCode}.`)
  const texts = transport === 'sse' ? eventsOf(response) : createInterface({ input: response })
  return new StreamClient(server, response, texts)
}

/** Connected with a good token. */
export async function connectStream(t: TestContext, server: ServerUnderTest, transport: StreamTransport, user: string) {
  const stream = await openStream(t, server, transport, { id: 1, connect: { token: await connectionToken(user) } })
  await stream.connected()
  return stream
}
