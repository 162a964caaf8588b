import type { TokenOptions } from './options.ts'
import { type CommonClaims, type ConnectionClaims, readConnectionClaims } from './token-claims.ts'
import { readSubscriptionClaims, type SubscriptionClaims, type Verdict } from './token-claims.ts'
import { TokenKeys } from './token-keys.ts'

export type { ConnectionClaims, SubscriptionClaims, Verdict } from './token-claims.ts'
export type { SubscriptionGrant, SubscriptionOverride } from './token-claims.ts'

/** Checks what connects and subscribes: JSON Web Tokens with the claims of Centrifugo. */
export class TokenVerifier {
  readonly #keys: TokenKeys
  readonly #options: TokenOptions

  /** Throws when a key is not what its name says. */
  constructor(options: TokenOptions) {
    this.#keys = new TokenKeys(options)
    this.#options = options
  }

  /** At once, without a promise, when the token is signed with a secret. */
  connection(token: string): Verdict<ConnectionClaims> | Promise<Verdict<ConnectionClaims>> {
    return this.#verify(token, readConnectionClaims)
  }

  /** As `connection`. */
  subscription(token: string): Verdict<SubscriptionClaims> | Promise<Verdict<SubscriptionClaims>> {
    return this.#verify(token, readSubscriptionClaims)
  }

  #verify<T>(token: string, read: (payload: string, options: TokenOptions) => Verdict<T>) {
    const judge = (payload: string | undefined) => (payload === undefined ? 'invalid' : read(payload, this.#options))
    const payload = this.#keys.open(token)
    return payload instanceof Promise ? payload.then(judge) : judge(payload)
  }
}

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

  includes(claims: Pick<CommonClaims, 'user' | 'issuedAt'>, channel?: string): boolean {
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
