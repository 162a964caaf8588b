import { SignJWT } from 'jose'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { Tokens as TokensAnswer } from '@grandchat/contracts/realtime/schema'
import type { HereInfo } from '@grandchat/contracts/typing/typing'
import type { Database } from '../database/database.ts'

/** How long a token may be presented after it was made, in seconds. */
const presentable = { connection: 120, personal: 300, other: 60 }

/** How long the youngest token for this channel (null: any) that a user holds may still be presented, in seconds. */
export function presentableSeconds(channel: string | null): number {
  return channel === null || channel.startsWith('personal:') ? presentable.personal : presentable.other
}

/** How long what it opened lives before it must refresh: about an hour, spread so that clients do not come at once. */
const lifeSeconds = () => 3_600 + Math.floor(Math.random() * 600)

/** Who a token is for, and when their session was looked up (Unix seconds). */
export type Grantee = HereInfo & { id: number; seenAt: number }

/** Signs the tokens with which browsers connect and subscribe. HS256; `sub` is the user's id as a string. */
export class Tokens {
  #key: Uint8Array

  constructor(secret: string) {
    this.#key = new TextEncoder().encode(secret)
  }

  connection({ id, seenAt }: Grantee): Promise<string> {
    return this.#sign({ sub: String(id) }, seenAt, presentable.connection)
  }

  /** Where members publish, the others are told who it is by the token, and not by them. */
  subscription({ id, seenAt, username, display_name }: Grantee, channel: string): Promise<string> {
    const info: HereInfo | undefined = channel.startsWith('here:') ? { username, display_name } : undefined
    return this.#sign({ sub: String(id), channel, ...(info && { info }) }, seenAt, presentableSeconds(channel))
  }

  async all(db: Database, user: Grantee, wanted: readonly string[]): Promise<TokensAnswer> {
    const names = [...new Set(wanted)]
    const readable = new Set(await readableChannels(db, user.id, names))
    const subscriptions: Record<string, string> = {}
    for (const name of readable) subscriptions[name] = await this.subscription(user, name)
    return {
      connection: await this.connection(user),
      subscriptions,
      denied: names.filter((name) => !readable.has(name)),
    }
  }

  /** `iat` is when the right was looked up, with fractions: a token that was under way during a revocation is older than it. */
  #sign(claims: Record<string, unknown>, seenAt: number, seconds: number): Promise<string> {
    const now = Date.now() / 1000
    return new SignJWT({ ...claims, expire_at: Math.floor(now) + lifeSeconds() })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuedAt(seenAt)
      .setExpirationTime(Math.floor(now) + seconds)
      .sign(this.#key)
  }
}

/**
 * Of the channels asked for, those that are this user's to read. Anything unknown is not. A large room has its own channel
 * and nobody's presence: to keep that of thousands would cost more than their messages.
 */
export async function readableChannels(db: Database, userId: number, names: readonly string[]): Promise<string[]> {
  const own = new Set<string>([channels.personal(userId), channels.workspace])
  const roomIds = names.flatMap((name) => roomIdOf(name) ?? [])
  if (roomIds.length > 0) {
    const memberships = await db
      .selectFrom('memberships')
      .innerJoin('rooms', 'rooms.id', 'memberships.room_id')
      .select(['room_id', 'delivery'])
      .where('user_id', '=', userId)
      .where('left_at', 'is', null)
      .where('room_id', 'in', roomIds)
      .execute()
    for (const { room_id, delivery } of memberships)
      own.add(delivery === 'room' ? channels.room(room_id) : channels.here(room_id))
  }
  return names.filter((name) => own.has(name))
}

function roomIdOf(channel: string): number | undefined {
  const id = /^(?:here|room):([1-9][0-9]{0,15})$/.exec(channel)?.[1]
  return id !== undefined && Number.isSafeInteger(Number(id)) ? Number(id) : undefined
}
