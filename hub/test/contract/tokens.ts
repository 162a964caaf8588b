import { type CryptoKey, SignJWT } from 'jose'
import { secret } from './config.ts'

export type Claims = Record<string, unknown>

/** With a secret as text, or a private key. */
export function sign(claims: Claims, key: string | CryptoKey = secret, alg = 'HS256'): Promise<string> {
  const bytes = typeof key === 'string' ? new TextEncoder().encode(key) : key
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(bytes)
}

export const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

/** Good for an hour. */
export const connectionToken = (user: string, claims: Claims = {}) =>
  sign({ sub: user, exp: secondsFromNow(3600), ...claims })
export const channelToken = (user: string, channel: string, claims: Claims = {}) =>
  sign({ sub: user, channel, exp: secondsFromNow(3600), ...claims })
