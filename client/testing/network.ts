import type { Answer, Call } from './model-routes.ts'

/** One request on its way: first to the server, then back. */
export type Flight = {
  readonly call: Call
  answer: Answer | undefined
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

/** A network whose requests move when the test says so; what does not matter is answered at once. */
export class Network {
  readonly flights: Flight[] = []
  readonly #serve: (call: Call) => Answer
  readonly #isInstant: (call: Call) => boolean

  constructor(serve: (call: Call) => Answer, isInstant: (call: Call) => boolean = () => false) {
    this.#serve = serve
    this.#isInstant = isInstant
  }

  fetch = (async (input: string, init: RequestInit = {}) => {
    const url = new URL(input)
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    const userId = (init.headers as Record<string, string> | undefined)?.['X-User-Id']
    const call: Call = { method: init.method ?? 'GET', path: url.pathname, query: url.searchParams, body, userId }
    if (this.#isInstant(call)) return toResponse(this.#serve(call))
    return new Promise((resolve, reject) => {
      const flight: Flight = { call, answer: undefined, resolve: (answer) => resolve(toResponse(answer)), reject }
      this.flights.push(flight)
      init.signal?.addEventListener('abort', () => this.lose(flight))
    })
  }) as unknown as typeof globalThis.fetch

  /** Lets the server see the request; or, if it has, the client the answer. */
  advance(flight: Flight): void {
    if (!flight.answer) {
      const answer = this.#serve(flight.call)
      flight.answer = { ...answer, body: JSON.parse(JSON.stringify(answer.body ?? null)) as unknown }
      if (answer.body === undefined) delete flight.answer.body
      return
    }
    this.#end(flight)
    flight.resolve(flight.answer)
  }

  /** The request, or its answer, never arrives. */
  lose(flight: Flight): void {
    this.#end(flight)
    flight.reject(new TypeError('the network failed'))
  }

  deliverAll(): void {
    for (const flight of Array.from(this.flights)) {
      if (!flight.answer) this.advance(flight)
      this.advance(flight)
    }
  }

  #end(flight: Flight): void {
    const at = this.flights.indexOf(flight)
    if (at >= 0) this.flights.splice(at, 1)
  }
}

/** As much of a Response as the client reads: thousands of runs need it cheap. */
function toResponse({ status, body, headers = {} }: Answer): Response {
  const response = {
    status,
    ok: status >= 200 && status < 300,
    headers: { get: (name: string) => headers[name] ?? null },
    text: async () => (body === undefined ? '' : JSON.stringify(body)),
  }
  return response as unknown as Response
}
