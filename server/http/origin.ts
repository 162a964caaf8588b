import type { IncomingMessage } from 'node:http'

/**
 * Is this Origin ours? PUBLIC_URL's if that is set, else the one whose host is the Host that was asked. A missing Origin
 * passes: browsers always send one where it matters, and other programs can write what they like.
 */
export function isOwnOrigin(request: IncomingMessage, publicUrl: string | undefined): boolean {
  const { origin, host } = request.headers
  if (origin === undefined) return true
  if (publicUrl !== undefined) return origin.toLowerCase() === publicUrl
  if (!host || !URL.canParse(origin)) return false
  return new URL(origin).host === host.toLowerCase() && /^https?:\/\//i.test(origin)
}
