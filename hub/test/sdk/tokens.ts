import { SignJWT } from 'jose'
import { secret } from './program.ts'

export type Claims = Record<string, unknown>

const key = new TextEncoder().encode(secret)

/** Unix seconds from now on, whole. */
export const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds

export const sign = (claims: Claims): Promise<string> =>
  new SignJWT({ exp: inSeconds(3600), ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(key)

export const connectionToken = (user: string, claims: Claims = {}) => sign({ sub: user, ...claims })

export const channelToken = (user: string, channel: string, claims: Claims = {}) =>
  sign({ sub: user, channel, ...claims })
