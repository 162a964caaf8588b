import type { ErrorBody } from '@grandchat/contracts/errors'
import type { Environment } from '../environment.ts'
import { createCsrf } from './csrf.ts'
import { RequestError, isSignedOut } from './request-error.ts'

export { RequestError } from './request-error.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type RequestOptions = {
  body?: unknown
  /** Instead of `body`: as it is, by its own type. */
  bytes?: Blob
  query?: Record<string, string | number | undefined>
  signal?: AbortSignal | undefined
  /**
   * In whose name: the browser's cookie may be somebody else's by now, signed in by another tab. The server then refuses
   * as if there were no session.
   */
  userId?: number | undefined
  /** The page is about to go, and the request goes on without it. */
  outlivesPage?: boolean
}

/** Resolves to the answer's JSON (undefined for 204), else rejects with RequestError. The type is the contract's word. */
export type Request = <T>(method: Method, path: string, options?: RequestOptions) => Promise<T>

/** A request that is not answered by then counts as lost; every write can be repeated. */
const timeoutMs = 20_000

export type RequestSetup = {
  environment: Environment
  /** Origin and path prefix of the server, without a slash at the end; empty for the page's own. */
  baseUrl: string
  /** Called when an answer says that there is no session, or that it is not that of `userId`. */
  onSignedOut: () => void
}

export function createRequest({ environment, baseUrl, onSignedOut }: RequestSetup): Request {
  const csrf = createCsrf(async () => (await send('GET', '/api/csrf/', {}, {})).headers.get('X-CSRFToken'))

  async function send(method: Method, path: string, options: RequestOptions, headers: Record<string, string>) {
    const { body, bytes, query, signal, outlivesPage = false } = options
    const init: RequestInit = { method, headers, keepalive: outlivesPage, ...(bytes && { body: bytes }) }
    if (bytes) headers['content-type'] = bytes.type
    if (body !== undefined) {
      init.body = JSON.stringify(body)
      headers['content-type'] = 'application/json'
    }
    const cut = cutOff(environment, signal)
    try {
      const response = await environment.fetch(baseUrl + path + toQuery(query), { ...init, signal: cut.signal })
      // The body is read under the same time limit.
      return { status: response.status, headers: response.headers, json: await readJson(response) }
    } catch (error) {
      signal?.throwIfAborted()
      throw new RequestError(0, { detail: error instanceof Error ? error.message : String(error) })
    } finally {
      cut.done()
    }
  }

  async function attempt(method: Method, path: string, options: RequestOptions) {
    const headers: Record<string, string> = method === 'GET' ? {} : { 'X-CSRFToken': await csrf.get() }
    if (options.userId !== undefined) headers['X-User-Id'] = String(options.userId)
    const answer = await send(method, path, options, headers)
    if (answer.status >= 200 && answer.status < 300) return answer.json
    throw toError(answer)
  }

  return async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    try {
      return (await attempt(method, path, options).catch((error: unknown) => {
        if (!(error instanceof RequestError) || error.code !== 'csrf_failed') throw error
        csrf.forget()
        return attempt(method, path, options)
      })) as T
    } catch (error) {
      if (isSignedOut(error)) onSignedOut()
      throw error
    }
  }
}

/** A signal that fires with the caller's, or when time is up. */
function cutOff(environment: Environment, signal: AbortSignal | undefined) {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const cancelTimer = environment.after(timeoutMs, abort)
  signal?.addEventListener('abort', abort)
  if (signal?.aborted) abort()
  return {
    signal: controller.signal,
    done() {
      cancelTimer()
      signal?.removeEventListener('abort', abort)
    },
  }
}

function toQuery(query: RequestOptions['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, `${value}`]]))
  return pairs.length > 0 ? `?${new URLSearchParams(pairs).toString()}` : ''
}

/** Undefined where the body is no JSON: 204, or a page of something in between. A body cut short rejects. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown)
  } catch {
    if (response.ok) throw new Error('the answer is no JSON')
    return undefined
  }
}

function toError(answer: { status: number; headers: Headers; json: unknown }): RequestError {
  const body = typeof answer.json === 'object' && answer.json !== null ? (answer.json as Partial<ErrorBody>) : {}
  const seconds = Number(answer.headers.get('Retry-After') ?? Number.NaN)
  return new RequestError(answer.status, body, Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined)
}
