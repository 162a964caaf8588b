import { Disconnect, disconnects } from './codes.ts'
import type { Client } from './client.ts'
import { handle, type Outcome } from './client-commands.ts'
import type { FrameType } from './metrics.ts'
import { type Command, UnsuitableContent } from './protocol.ts'

const frameTypeOf = (command: Command | 'pong' | undefined): FrameType =>
  command === 'pong' ? 'client_pong' : (command?.method ?? 'unknown')

/** Frames that may wait for the commands before them while the socket is still read. */
const waitingFrames = 16
/** A burst of commands may be this many seconds' worth. */
const burstSeconds = 10

/**
 * Takes a client's commands strictly one after the other, also where one of them has to wait. Each document is decoded
 * when its turn comes, so what stood before a malformed one is done.
 */
export class Inbox {
  readonly #client: Client
  #frames: Array<string | Buffer> = []
  #isWorking = false
  #isPaused = false
  #allowance = 0
  #allowanceAt = 0

  constructor(client: Client) {
    this.#client = client
  }

  add(frame: string | Buffer): void {
    this.#frames.push(frame)
    if (!this.#isWorking) void this.#work()
    else if (this.#frames.length >= waitingFrames && !this.#isPaused) {
      this.#isPaused = true
      this.#client.transport.pause()
    }
  }

  /** Never rejects. */
  async #work(): Promise<void> {
    this.#isWorking = true
    try {
      for (let frame = this.#frames.shift(); frame !== undefined; frame = this.#frames.shift())
        await this.#takeFrame(frame)
    } catch (error) {
      if (error instanceof UnsuitableContent) return this.#client.disconnect(disconnects.inappropriateProtocol)
      this.#client.node.logFailure(error, 'A command failed.')
      this.#client.disconnect(disconnects.serverError)
    } finally {
      this.#isWorking = false
      this.#resume()
    }
  }

  async #takeFrame(frame: string | Buffer): Promise<void> {
    for (const { command, size } of this.#client.codec.commands(frame)) {
      if (this.#client.state === 'refused' || this.#client.isClosed) return
      this.#client.transport.metrics.countReceived(frameTypeOf(command), size)
      if (command === undefined || !this.#isInOrder(command)) return this.#client.disconnect(disconnects.badRequest)
      if (!this.#spend()) return this.#client.disconnect(disconnects.tooManyRequests)
      if (command === 'pong') this.#client.heartbeat.pong()
      else {
        const outcome = handle(this.#client, command)
        // Not awaiting what is already done keeps a frame full of commands in one step of the event loop.
        this.#answer(command, outcome instanceof Promise ? await outcome : outcome)
      }
    }
  }

  /** Connect comes first, and once. [CON2] */
  #isInOrder(command: Command | 'pong'): boolean {
    const isConnect = command !== 'pong' && command.method === 'connect'
    return isConnect === (this.#client.state === 'opened')
  }

  /** A command that was done has replied already. */
  #answer(command: Command, refusal: Outcome): void {
    const client = this.#client
    if (!refusal) return
    if (refusal instanceof Disconnect) return client.disconnect(refusal)
    client.node.metrics.countReplyError(command.method, refusal.code)
    client.send(client.codec.error(command.id, command.method, refusal))
    if (command.method !== 'connect' || client.isClosed) return
    client.state = 'refused'
    client.setDeadline(client.node.options.client.closeTimeoutSeconds, disconnects.connectionClosed)
  }

  #spend(): boolean {
    const { commandRateLimit } = this.#client.node.options.client
    if (commandRateLimit === 0) return true
    const now = performance.now() / 1000
    const burst = commandRateLimit * burstSeconds
    this.#allowance =
      this.#allowanceAt === 0 ? burst : Math.min(burst, this.#allowance + (now - this.#allowanceAt) * commandRateLimit)
    this.#allowanceAt = now
    return this.#allowance-- >= 1
  }

  #resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#client.transport.resume()
  }
}
