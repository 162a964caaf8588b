import { webcrypto } from 'node:crypto'
import { errors as joseErrors, type JWTHeaderParameters, jwtVerify, type JWTPayload } from 'jose'
import type { TokenOptions } from './options.ts'
import type { Json } from './protocol.ts'

/** What a connection token says. The times are unix seconds; `expireAt` 0 means that the right never ends. */
export type ConnectionClaims = { user: string; info: Json | undefined; expireAt: number; issuedAt: number }

export type SubscriptionClaims = ConnectionClaims & {
  channel: string
  client: string | undefined
  data: Json | undefined
}

/** `expired` also stands for "not valid yet", as with Centrifugo. */
export type Verdict<Claims> = { claims: Claims } | 'expired' | 'invalid'

/** Checks what connects and subscribes: JSON Web Tokens with the claims of Centrifugo. */
export class TokenVerifier {
  readonly #keys: Key[]
  readonly #options: TokenOptions

  constructor(options: TokenOptions) {
    this.#options = options
    this.#keys = [options.hmacSecretKey, options.hmacPreviousSecretKey].flatMap((secret) =>
      secret ? keyOf(secret) : [],
    )
  }

  async connection(token: string): Promise<Verdict<ConnectionClaims>> {
    const payload = await this.#verify(token)
    if (typeof payload === 'string') return payload
    // [TOK4] A token that was made for one channel must not open a connection.
    if (payload['channel'] !== undefined) return 'invalid'
    return commonClaims(payload)
  }

  async subscription(token: string): Promise<Verdict<SubscriptionClaims>> {
    const payload = await this.#verify(token)
    if (typeof payload === 'string') return payload
    const { channel, client, data } = payload
    if (typeof channel !== 'string' || channel === '' || (client !== undefined && typeof client !== 'string'))
      return 'invalid'
    const common = commonClaims(payload)
    if (typeof common === 'string') return common
    return { claims: { ...common.claims, channel, client: client || undefined, data: jsonText(data) } }
  }

  async #verify(token: string): Promise<JWTPayload | 'expired' | 'invalid'> {
    for (const key of this.#keys) {
      const result = await verifyWithKey(token, key, this.#options)
      if (result !== 'wrong key') return result
    }
    return 'invalid'
  }
}

type Key = (header: JWTHeaderParameters) => Promise<webcrypto.CryptoKey>

/** Imports the secret once for each algorithm, which halves the time that a verification takes. */
function keyOf(secret: string): Key {
  const bytes = new TextEncoder().encode(secret)
  const imported = new Map<string, Promise<webcrypto.CryptoKey>>()
  // Called for allowed algorithms alone, and these are HS256 and its like.
  return ({ alg }) => {
    let key = imported.get(alg)
    if (!key) {
      const algorithm = { name: 'HMAC', hash: `SHA-${alg.slice(2)}` }
      imported.set(alg, (key = webcrypto.subtle.importKey('raw', bytes, algorithm, false, ['verify'])))
    }
    return key
  }
}

async function verifyWithKey(token: string, key: Key, options: TokenOptions) {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: options.algorithms ?? ['HS256'],
      ...(options.audience && { audience: options.audience }),
      ...(options.issuer && { issuer: options.issuer }),
    })
    // The library compares whole seconds; there is no leeway here.
    return payload.exp !== undefined && payload.exp * 1000 <= Date.now() ? 'expired' : payload
  } catch (error) {
    if (error instanceof joseErrors.JWSSignatureVerificationFailed) return 'wrong key'
    if (error instanceof joseErrors.JWTExpired) return 'expired'
    const isEarly = error instanceof joseErrors.JWTClaimValidationFailed && error.claim === 'nbf'
    return isEarly && error.reason === 'check_failed' ? 'expired' : 'invalid'
  }
}

function commonClaims(payload: JWTPayload): Verdict<ConnectionClaims> {
  const { sub: user = '', info, expire_at: expireAt = payload.exp ?? 0, iat: issuedAt = 0 } = payload
  if (typeof user !== 'string' || !isTime(expireAt) || !isTime(issuedAt)) return 'invalid'
  if (expireAt > 0 && expireAt * 1000 <= Date.now()) return 'expired'
  return { claims: { user, info: jsonText(info), expireAt, issuedAt } }
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0
const jsonText = (value: unknown): Json | undefined =>
  value === undefined || value === null ? undefined : JSON.stringify(value)

export type Revocation = {
  user: string
  /** Without a channel, connection tokens are revoked; with one, that channel's subscription tokens. */
  channel?: string
  /** Unix seconds, may be fractional: tokens with an earlier `iat`, or without any, are refused. */
  issuedBefore: number
}

/** Tokens that were signed and have not expired, and yet are worth nothing. */
export class RevokedTokens {
  readonly #issuedBefore = new Map<string, number>()
  readonly #lifetimeSeconds: number
  #sweptAt = 0

  constructor(lifetimeSeconds: number) {
    this.#lifetimeSeconds = lifetimeSeconds
  }

  add({ user, channel, issuedBefore }: Revocation): void {
    this.#sweep()
    const key = subjectOf(user, channel)
    this.#issuedBefore.set(key, Math.max(issuedBefore, this.#issuedBefore.get(key) ?? 0))
  }

  includes(claims: ConnectionClaims, channel?: string): boolean {
    return claims.issuedAt < (this.#issuedBefore.get(subjectOf(claims.user, channel)) ?? 0)
  }

  get size(): number {
    return this.#issuedBefore.size
  }

  /** Forgets what no living token can be older than; once a minute is often enough. */
  #sweep(): void {
    const now = Date.now() / 1000
    if (now - this.#sweptAt < Math.min(60, this.#lifetimeSeconds)) return
    this.#sweptAt = now
    for (const [key, issuedBefore] of this.#issuedBefore) {
      if (issuedBefore + this.#lifetimeSeconds < now) this.#issuedBefore.delete(key)
    }
  }
}

const subjectOf = (user: string, channel: string | undefined) => JSON.stringify([user, channel])
