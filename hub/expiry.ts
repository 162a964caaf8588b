import type { Client } from './client.ts'
import type { Expiry } from './protocol.ts'

const secondsPerYear = 365 * 24 * 3600

/** What a client is told about a right that ends: SDKs refresh after `ttl` seconds. */
export function expiryOf(expireAt: number): Expiry {
  if (expireAt === 0) return {}
  return { expires: true, ttl: Math.min(secondsPerYear, Math.max(1, Math.ceil(expireAt - Date.now() / 1000))) }
}

/** Seconds until a right that ends is taken away, the time for a late refresh included. */
export function secondsToClose(client: Client, expireAt: number): number {
  if (expireAt === 0) return 0
  return Math.max(0, expireAt - Date.now() / 1000) + client.node.options.client.expiredCloseDelaySeconds
}
