import { disconnects } from './codes.ts'
import type { Client } from './client.ts'
import type { Timer } from './timers.ts'

/** Pings a connected client and ends the connection that does not answer. */
export class Heartbeat {
  readonly #client: Client
  #timer: Timer | undefined
  #awaitsPong = false

  constructor(client: Client) {
    this.#client = client
  }

  /** The first ping comes at a random moment, so that clients who came together are not pinged together. [PNG1] */
  start(): void {
    const { pingIntervalSeconds } = this.#client.node.options.client
    this.#schedule(pingIntervalSeconds * (0.5 + Math.random() / 2), () => this.#ping())
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /** Exactly one pong per ping. [PNG3] */
  pong(): void {
    if (this.#awaitsPong) this.#awaitsPong = false
    else this.#client.disconnect(disconnects.badRequest)
  }

  #ping(): void {
    this.#awaitsPong = true
    this.#client.send(this.#client.codec.ping)
    this.#schedule(this.#client.node.options.client.pongTimeoutSeconds, () => this.#check())
  }

  #check(): void {
    if (this.#awaitsPong) return this.#client.disconnect(disconnects.noPong)
    const { pingIntervalSeconds, pongTimeoutSeconds } = this.#client.node.options.client
    this.#schedule(pingIntervalSeconds - pongTimeoutSeconds, () => this.#ping())
  }

  #schedule(seconds: number, run: () => void): void {
    if (!this.#client.isClosed) this.#timer = this.#client.node.timers.after(seconds, run)
  }
}
