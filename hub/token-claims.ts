import { jsonTextOf, sliceMember } from './json-text.ts'
import type { ChannelOptions, TokenOptions } from './options.ts'
import type { Json } from './protocol.ts'

/** What a token may say about a channel, in place of what the namespace says. */
export type SubscriptionOverride = Pick<
  ChannelOptions,
  'presence' | 'joinLeave' | 'forcePushJoinLeave' | 'forceRecovery' | 'forcePositioning'
>

/** The right to one channel. */
export type SubscriptionGrant = {
  info: Json | undefined
  data: Json | undefined
  override: SubscriptionOverride | undefined
}

export type CommonClaims = {
  user: string
  info: Json | undefined
  /** Unix seconds; 0: the right never ends. */
  expireAt: number
  /** Unix seconds, 0 when the token does not say. */
  issuedAt: number
}

/** What a connection token says. */
export type ConnectionClaims = CommonClaims & {
  /** The channels that the server subscribes the client to, in the order of the token. */
  subs: Map<string, SubscriptionGrant>
  /** For the server alone. */
  meta: Json | undefined
}

export type SubscriptionClaims = CommonClaims & SubscriptionGrant & { channel: string; client: string | undefined }

/** `expired` also stands for "not valid yet", as with Centrifugo. */
export type Verdict<T> = { claims: T } | 'expired' | 'invalid'

export const readConnectionClaims = (payload: string, options: TokenOptions) =>
  judge(payload, options, connectionClaims)

export const readSubscriptionClaims = (payload: string, options: TokenOptions) =>
  judge(payload, options, subscriptionClaims)

function judge<T>(payload: string, options: TokenOptions, read: (claims: Claims) => T): Verdict<T> {
  try {
    const claims = new Claims(payload, [])
    checkAudience(claims, options)
    const result = { claims: read(claims) }
    return isNow(claims) ? result : 'expired'
  } catch (error) {
    if (error instanceof WrongClaim) return 'invalid'
    throw error
  }
}

/** [TOK3] */
function checkAudience(claims: Claims, { audience, issuer }: TokenOptions): void {
  const audiences = typeof claims.get('aud') === 'string' ? [claims.get('aud')] : claims.strings('aud')
  const iss = claims.string('iss')
  if ((audience && !audiences.includes(audience)) || (issuer && iss !== issuer)) throw new WrongClaim()
}

/** [TOK2] There is no leeway. */
function isNow(claims: Claims): boolean {
  const now = Date.now() / 1000
  const { exp, expireAt } = endOf(claims)
  return (claims.number('nbf') ?? 0) <= now && (exp === undefined || exp > now) && (expireAt === 0 || expireAt > now)
}

/** [TOK6] `expire_at` decides when the right ends, in place of `exp`. */
function endOf(claims: Claims) {
  const [exp, expireAt] = [claims.number('exp'), claims.number('expire_at')]
  if (expireAt !== undefined && expireAt < 0) throw new WrongClaim()
  return { exp, expireAt: expireAt ?? exp ?? 0 }
}

function commonClaims(claims: Claims): Omit<CommonClaims, 'info'> {
  const issuedAt = claims.number('iat') ?? 0
  if (issuedAt < 0) throw new WrongClaim()
  claims.string('jti')
  return {
    user: claims.string('sub') ?? '',
    expireAt: endOf(claims).expireAt,
    issuedAt,
  }
}

function connectionClaims(claims: Claims): ConnectionClaims {
  // [TOK4] A token that was made for one channel must not open a connection.
  if (claims.string('channel')) throw new WrongClaim()
  const info = claims.jsonOrBase64('info')
  return { ...commonClaims(claims), info, subs: subsOf(claims), meta: claims.json('meta') }
}

function subscriptionClaims(claims: Claims): SubscriptionClaims {
  const channel = claims.string('channel')
  if (!channel) throw new WrongClaim()
  return { ...commonClaims(claims), ...grantOf(claims), channel, client: claims.string('client') || undefined }
}

/** `subs` goes before `channels`. */
function subsOf(claims: Claims): Map<string, SubscriptionGrant> {
  const channels = claims.strings('channels')
  const subs = claims.object('subs')
  const names = subs?.names() ?? []
  if (names.length === 0) return new Map(channels.map((channel) => [channel, noGrant]))
  return new Map(
    names.map((channel) => {
      const grant = subs?.object(channel)
      return [channel, grant ? grantOf(grant) : noGrant]
    }),
  )
}

const noGrant: SubscriptionGrant = { info: undefined, data: undefined, override: undefined }

function grantOf(claims: Claims): SubscriptionGrant {
  const override = claims.object('override')
  return {
    info: claims.jsonOrBase64('info'),
    data: claims.jsonOrBase64('data'),
    override: override && overrideOf(override),
  }
}

const overrides: { [K in keyof Required<SubscriptionOverride>]: string } = {
  presence: 'presence',
  joinLeave: 'join_leave',
  forcePushJoinLeave: 'force_push_join_leave',
  forceRecovery: 'force_recovery',
  forcePositioning: 'force_positioning',
}

/** An object without a `value` means false. */
function overrideOf(claims: Claims): SubscriptionOverride {
  const override: SubscriptionOverride = {}
  for (const [option, name] of Object.entries(overrides) as Array<[keyof SubscriptionOverride, string]>) {
    const given = claims.object(name)
    if (given) override[option] = given.boolean('value') ?? false
  }
  return override
}
/** What a token says has another type than it must have, or names somebody else. */
class WrongClaim extends Error {}

/** An object of the payload. What is null in it is as good as absent; what has a wrong type throws. */
class Claims {
  readonly #payload: string
  readonly #path: string[]
  readonly #members: Record<string, unknown>

  constructor(payload: string, path: string[], members: unknown = parse(payload)) {
    if (typeof members !== 'object' || members === null || Array.isArray(members)) throw new WrongClaim()
    this.#payload = payload
    this.#path = path
    this.#members = members as Record<string, unknown>
  }

  get(name: string): unknown {
    return Object.hasOwn(this.#members, name) ? (this.#members[name] ?? undefined) : undefined
  }

  string(name: string): string | undefined {
    const value = this.get(name)
    if (value !== undefined && typeof value !== 'string') throw new WrongClaim()
    return value
  }

  strings(name: string): string[] {
    const value = this.get(name) ?? []
    if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw new WrongClaim()
    return value
  }

  number(name: string): number | undefined {
    const value = this.get(name)
    if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value))) throw new WrongClaim()
    return value
  }

  boolean(name: string): boolean | undefined {
    const value = this.get(name)
    if (value !== undefined && typeof value !== 'boolean') throw new WrongClaim()
    return value
  }

  object(name: string): Claims | undefined {
    const value = this.get(name)
    return value === undefined ? undefined : new Claims(this.#payload, [...this.#path, name], value)
  }

  names(): string[] {
    return Object.keys(this.#members)
  }

  /** As it stands in the token, so that large numbers survive. It goes into frames, which are divided by line feeds. */
  json(name: string): Json | undefined {
    const value = this.get(name)
    if (value === undefined) return undefined
    if (typeof value === 'string') return JSON.stringify(value)
    const text = sliceMember(this.#payload, [...this.#path, name])
    if (text === undefined) throw new WrongClaim()
    return text.replaceAll('\n', ' ')
  }

  /** `b64info` goes before `info`. It must be JSON as well: JSON clients see it, too. */
  jsonOrBase64(name: string): Json | undefined {
    const base64 = this.string(`b64${name}`) ?? ''
    if (base64 === '') return this.json(name)
    const bytes = Buffer.from(base64, 'base64')
    const text = bytes.toString('base64') === base64 ? jsonTextOf(bytes) : undefined
    if (text === undefined) throw new WrongClaim()
    return text
  }
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    throw new WrongClaim()
  }
}
