import { setTimeout as sleep } from 'node:timers/promises'
import { Breaker, CircuitOpen } from './breaker.ts'

/** For one answer. Nothing that a person waits for waits for it. */
const timeoutMs = 2_000
/** Between attempts; after the last one the call has failed. */
const pausesMs = [50, 200, 800]

type Settings = { endpoint: string; key: string }
type Answer = { result?: unknown; replies?: unknown[]; error?: { code: number; message: string } }

/** The request was refused: trying it again would not help. */
export class CentrifugoRefusal extends Error {}

/** Centrifugo's server API. Failures of the network and of the other side are tried again, and then left alone for a while. */
export class CentrifugoApi {
  readonly #settings: Settings
  readonly #breaker = new Breaker()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** Centrifugo has failed so often that it is left alone for a moment. */
  get isAway(): boolean {
    return this.#breaker.isOpen
  }

  async call<T>(method: string, request: object): Promise<T> {
    return (await this.#answer(method, request)).result as T
  }

  /** Many commands in one request; their replies in the same order, refused ones with an `error`. */
  async batch<T>(commands: readonly object[]): Promise<T[]> {
    return ((await this.#answer('batch', { commands })).replies ?? []) as T[]
  }

  async #answer(method: string, request: object): Promise<Answer> {
    const { status, text } = await this.#tryAgain(() => this.#ask(method, JSON.stringify(request)))
    if (status !== 200) throw new CentrifugoRefusal(`Centrifugo refused ${method} with ${status}: ${text}`)
    const answer = JSON.parse(text) as Answer
    if (answer.error)
      throw new CentrifugoRefusal(`Centrifugo refused ${method}: ${answer.error.code} ${answer.error.message}`)
    return answer
  }

  async #tryAgain<T>(work: () => Promise<T>, [pause, ...later] = pausesMs): Promise<T> {
    try {
      return await this.#breaker.run(work)
    } catch (error) {
      if (error instanceof CircuitOpen || pause === undefined) throw error
      await sleep(pause + Math.random() * pause)
      return this.#tryAgain(work, later)
    }
  }

  /** A refusal is an answer, too: who refuses is there. */
  async #ask(method: string, body: string): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.#settings.endpoint}/${method}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'X-API-Key': this.#settings.key,
        'X-Centrifugo-Error-Mode': 'transport',
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    const text = await response.text()
    // Centrifugo's own fault, or that of what stands before it.
    if (response.status >= 500) throw new Error(`Centrifugo answered ${method} with ${response.status}`)
    return { status: response.status, text }
  }
}
