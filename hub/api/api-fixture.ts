import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { type HubOptions, type Logger, type Namespace } from '../index.ts'
import { namespaces, startHub, type TestHub } from '../test/fixture.ts'
import type { Message, RawClient } from '../test/raw.ts'
import { type ApiOptions, createApi } from './create-api.ts'

export const key = 'the key of the tests: 🔑'

const more: Namespace[] = [
  ...namespaces,
  { name: 'binary', historySize: 5, historyTtlSeconds: 600, publicationDataFormat: 'binary' },
]

export type Answer = { status: number; text: string; headers: Headers }

export type TestApi = TestHub & {
  address: string
  /** What was logged as a failure; nothing should be. */
  failures: unknown[]
  /** A request with the key, and the answer as it came. */
  post(path: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<Answer>
  /** Calls a method and returns the answer's JSON. */
  call(method: string, request?: object | string): Promise<Message>
  /** The result of a call that must succeed, or the code of its error. */
  ask(method: string, request?: object | string): Promise<unknown>
}

/** A hub, and its API with health and metrics on a port of its own. */
export async function startApi(
  t: TestContext,
  { hub, api }: { hub?: Partial<HubOptions>; api?: ApiOptions } = {},
): Promise<TestApi> {
  const fixture = await startHub(t, { namespaces: more, ...hub })
  const failures: unknown[] = []
  const nothing = () => {}
  const logger: Logger = { debug: nothing, info: nothing, warn: nothing, error: (fields) => failures.push(fields) }
  const pages = { healthPath: '/health', metricsPath: '/metrics' }
  const endpoint = createApi(fixture.hub, { key, logger, ...pages, ...api })
  const server = createServer((request, response) => {
    if (!endpoint(request, response)) response.writeHead(418).end('not mine')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post: TestApi['post'] = (path, body, headers = {}) => send(address + path, body, { ...withKey, ...headers })
  const call: TestApi['call'] = async (method, request = {}) => {
    const { status, text } = await post(
      `/api/${method}`,
      typeof request === 'string' ? request : JSON.stringify(request),
    )
    if (status !== 200) throw new Error(`${method} was answered with ${status}: ${text}`)
    return JSON.parse(text) as Message
  }
  const ask: TestApi['ask'] = async (method, request) => {
    const answer = await call(method, request)
    return (answer['error'] as { code: number } | undefined)?.code ?? answer['result']
  }
  return { ...fixture, address, failures, post, call, ask }
}

/** As bytes: what is no Latin-1 cannot stand in a header otherwise. */
export const inHeader = (text: string): string => Buffer.from(text).toString('latin1')

const withKey = { 'X-API-Key': inHeader(key) }

/** Headers are sent byte by byte, and a request may also have a method that has no body. */
export function send(
  url: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        resolve({
          status: response.statusCode ?? 0,
          text,
          headers: new Headers(response.headers as Record<string, string>),
        })
      })
    })
    request.on('error', reject)
    // As one text with the headers it would change their encoding.
    request.end(Buffer.from(body))
  })
}

/** The next publication that a client receives, and the frame that brought it. */
export async function nextPublication(client: RawClient): Promise<{ pub: Message; frame: string }> {
  const push = await client.nextPush()
  return { pub: push['pub'] as Message, frame: client.frames.at(-1) ?? '' }
}
