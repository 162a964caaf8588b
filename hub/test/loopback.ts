import type { TestContext } from 'node:test'
import { Client } from '../client.ts'
import type { Disconnect } from '../codes.ts'
import { TransportMetrics } from '../metrics.ts'
import { Node } from '../node.ts'
import { resolveOptions } from '../options-resolve.ts'
import type { HubOptions } from '../options.ts'
import type { Encoded } from '../protocol.ts'
import { jsonCodec } from '../protocol-json.ts'
import type { Transport } from '../transport.ts'
import { connectionToken, namespaces, secret } from './fixture.ts'
import type { Message } from './raw.ts'

export function newNode(t: TestContext, options: Partial<HubOptions> = {}): Node {
  const node = new Node(
    resolveOptions({ token: { hmacSecretKey: secret }, namespaces, timerTickMilliseconds: 10, ...options }),
  )
  t.after(() => node.timers.stop())
  return node
}

/** A client without a socket, for what depends on the exact step of the event loop. */
export class LoopbackClient implements Transport {
  readonly node: Node
  readonly metrics = new TransportMetrics()
  readonly client: Client
  readonly messages: Message[] = []
  bufferedBytes = 0
  isPaused = false
  readonly ends: Disconnect[] = []
  #wake: (() => void) | undefined

  constructor(t: TestContext, node: Node = newNode(t)) {
    this.node = node
    this.client = new Client(node, jsonCodec, this)
  }

  receive(...commands: object[]): void {
    this.client.receive(commands.map((command) => JSON.stringify(command)).join('\n'))
  }

  async connect(user: string): Promise<void> {
    this.receive({ id: 1, connect: { token: await connectionToken(user) } })
    await this.reply(1)
  }

  async reply(id: number): Promise<Message> {
    return this.find((message) => message['id'] === id)
  }

  async find(condition: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(condition)
      if (found) return found
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  write(messages: Encoded[]): void {
    this.messages.push(...messages.map(({ bytes }) => JSON.parse(bytes.toString()) as Message))
    this.#wake?.()
  }

  close(disconnect: Disconnect): void {
    this.ends.push(disconnect)
    this.#wake?.()
  }

  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
  }
}
