import type { IncomingMessage, ServerResponse } from 'node:http'
import { silentLogger } from '../options-resolve.ts'
import type { Logger } from '../options.ts'
import { apiKeyCheck } from './api-key.ts'
import type { ApiHub } from './api-hub.ts'
import { runBatch } from './batch.ts'
import { readBody, refuseLargeBody } from '../request-body.ts'
import { type Endpoint, pathOf, refuse, respondJson, withoutTrailingSlashes } from './endpoint.ts'
import { statusOf } from './errors.ts'
import { answerMember, type ApiContext, execute } from './execute.ts'
import { MalformedRequest } from './fields.ts'
import { JsonPart } from './json-part.ts'
import { runCommands } from './legacy.ts'
import { apiMethods } from './methods.ts'

export type ServerApiOptions = {
  /** Without one, or with an empty one, every call is refused with 401. */
  key?: string
  /** No key is asked for. */
  isInsecure?: boolean
  /** Where the methods are found; default `/api`. */
  path?: string
  /** `transport`: errors are told by the HTTP status. Default: all answers are 200, for who does not ask otherwise. */
  errorMode?: 'transport'
  /** Bytes of a body, default 4 MiB; a longer one is answered with 413. */
  bodySizeLimit?: number
  logger?: Logger
}

/** Centrifugo's server API: `POST <path>/<method>`, and the one path of old. */
export function serverApi(hub: ApiHub, options: ServerApiOptions = {}): Endpoint {
  const api = new ServerApi(hub, options)
  return (request, response) => api.handle(request, response)
}

/** The path of old, a method, or a batch of them. */
const isKnown = (name: string) => name === '' || name === 'batch' || apiMethods.has(name)

class ServerApi {
  readonly #context: ApiContext
  readonly #path: string
  readonly #isAuthorized: (request: IncomingMessage) => boolean
  readonly #hasTransportErrors: boolean
  readonly #bodySizeLimit: number

  constructor(hub: ApiHub, options: ServerApiOptions) {
    const { logger = silentLogger } = options
    this.#context = { hub, metrics: hub.metrics, logger }
    this.#path = withoutTrailingSlashes(options.path ?? '/api')
    this.#isAuthorized = options.isInsecure ? () => true : apiKeyCheck(options.key ?? '')
    this.#hasTransportErrors = options.errorMode === 'transport'
    this.#bodySizeLimit = options.bodySizeLimit ?? 4 * 1024 * 1024
  }

  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const name = this.#nameIn(pathOf(request))
    if (name === undefined) return false
    this.#answer(name, request, response).catch((error: unknown) => {
      this.#context.logger.error({ err: error }, 'A request to the server API failed.')
      if (response.headersSent) response.destroy()
      else refuse(response, 500, 'Internal Server Error\n')
    })
    return true
  }

  /** What follows the path, undefined when the request is for someone else. At the root others may live, too. */
  #nameIn(path: string): string | undefined {
    if (path === (this.#path || '/')) return ''
    if (!path.startsWith(`${this.#path}/`)) return undefined
    const name = path.slice(this.#path.length + 1) || '/'
    return this.#path === '' && !isKnown(name) ? undefined : name
  }

  async #answer(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isKnown(name)) return refuse(response, 404, '404 page not found\n')
    if (request.method !== 'POST') return refuse(response.setHeader('Allow', 'POST'), 405)
    if (!this.#isAuthorized(request)) return refuse(response, 401)
    const body = await readBody(request, this.#bodySizeLimit)
    if (body === 'aborted') return
    if (body === 'too large') return refuseLargeBody(request, response, this.#bodySizeLimit)
    try {
      await this.#call(name, body.toString(), request, response)
    } catch (error) {
      if (!(error instanceof MalformedRequest)) throw error
      this.#context.metrics.countApiError(name, 'unmarshal')
      refuse(response, 400, 'Bad Request\n')
    }
  }

  async #call(name: string, body: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (name === '') return respondJson(response, await runCommands(this.#context, body))
    const part = JsonPart.parse(body)
    if (!part) throw new MalformedRequest()
    if (name === 'batch') return respondJson(response, await runBatch(this.#context, part))
    const read = apiMethods.get(name)
    if (!read) return refuse(response, 404)
    const answer = await execute(this.#context, name, read(part))
    const isTransportError =
      'error' in answer && (this.#hasTransportErrors || request.headers['x-centrifugo-error-mode'] === 'transport')
    if (isTransportError) respondJson(response, JSON.stringify(answer.error), statusOf(answer.error))
    else respondJson(response, `{${answerMember(answer)}}`)
  }
}
