import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * Does a request carry the key? `X-API-Key: <key>` counts, without it `Authorization: apikey <key>`, and else the
 * query's `api_key`. An empty key is nobody's. Hashes are compared, so that time tells neither letters nor length.
 */
export function apiKeyCheck(key: string): (request: IncomingMessage) => boolean {
  const expected = digest(Buffer.from(key))
  const matches = (given: Buffer) => key !== '' && timingSafeEqual(digest(given), expected)
  return (request) => {
    const header = keyOfHeaders(request)
    // Node hands headers on as Latin-1, byte by byte.
    if (header !== undefined && matches(Buffer.from(header, 'latin1'))) return true
    const parameter = keyOfQuery(request)
    return parameter !== undefined && matches(Buffer.from(parameter))
  }
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest()

function keyOfHeaders({ headers }: IncomingMessage): string | undefined {
  const own = headers['x-api-key']
  if (own) return String(own)
  const [scheme = '', key, ...rest] = headers.authorization?.trim().split(/\s+/) ?? []
  return scheme.toLowerCase() === 'apikey' && rest.length === 0 ? key : undefined
}

function keyOfQuery({ url = '' }: IncomingMessage): string | undefined {
  const start = url.indexOf('?')
  return start === -1 ? undefined : (new URLSearchParams(url.slice(start + 1)).get('api_key') ?? undefined)
}
