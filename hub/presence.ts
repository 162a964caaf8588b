import type { ClientInfo } from './protocol.ts'

export type PresenceStats = { clients: number; users: number }

/** Who is subscribed to the channels that keep presence. */
export type Presence = {
  add(channel: string, info: ClientInfo): void
  remove(channel: string, client: string): void
  /** By client id. */
  list(channel: string): ReadonlyMap<string, ClientInfo>
  /** All connections without a user id count as one user. */
  stats(channel: string): PresenceStats
}
