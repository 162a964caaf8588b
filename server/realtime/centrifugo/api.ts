import { setTimeout as sleep } from 'node:timers/promises'
import { Breaker, CircuitOpen } from './breaker.ts'

/** For one answer. Nothing that a person waits for waits for it. */
const timeoutMs = 2_000
/** Between attempts; after the last one the call has failed. */
const pausesMs = [50, 200, 800]

type Settings = { endpoint: string; key: string }
type Answer = { result?: unknown; error?: { code: number; message: string } }

/** The request was refused: trying it again would not help. */
export class CentrifugoRefusal extends Error {}

/** Centrifugo's server API. Failures of the network and of the other side are tried again, and then left alone for a while. */
export class CentrifugoApi {
  readonly #settings: Settings
  readonly #breaker = new Breaker()

  constructor(settings: Settings) {
    this.#settings = settings
  }

  /** False while Centrifugo is left alone because it does not answer. */
  get isReachable(): boolean {
    return !this.#breaker.isOpen
  }

  async call<T>(method: string, request: object): Promise<T> {
    const body = JSON.stringify(request)
    for (const pause of [...pausesMs, undefined]) {
      try {
        return (await this.#breaker.run(() => this.#ask(method, body))) as T
      } catch (error) {
        if (error instanceof CentrifugoRefusal || error instanceof CircuitOpen || pause === undefined) throw error
        await sleep(pause + Math.random() * pause)
      }
    }
    throw new Error('unreachable')
  }

  async #ask(method: string, body: string): Promise<unknown> {
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
    if (!response.ok) throw new CentrifugoRefusal(`Centrifugo refused ${method} with ${response.status}: ${text}`)
    const { result, error } = JSON.parse(text) as Answer
    if (error) throw new CentrifugoRefusal(`Centrifugo refused ${method}: ${error.code} ${error.message}`)
    return result
  }
}
