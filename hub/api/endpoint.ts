import type { IncomingMessage, ServerResponse } from 'node:http'

/** Answers a request and says true, or says false when the path is not its. Never throws. */
export type Endpoint = (request: IncomingMessage, response: ServerResponse) => boolean

export function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

export const withoutTrailingSlashes = (path: string): string => path.replace(/\/+$/, '')

export function respondJson(response: ServerResponse, text: string, status = 200): void {
  respond(response, status, text, { 'Content-Type': 'application/json' })
}

/** Says no in the words of HTTP; some refusals have none. */
export function refuse(response: ServerResponse, status: number, text = ''): void {
  respond(response, status, text, text === '' ? {} : plainText)
}

const plainText = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' }

export function respond(response: ServerResponse, status: number, text: string, headers: Record<string, string>): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(text) }).end(text)
}
