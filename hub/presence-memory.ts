import type { Presence, PresenceStats } from './presence.ts'
import type { ClientInfo } from './protocol.ts'

type Present = { clients: Map<string, ClientInfo>; connectionsByUser: Map<string, number> }

export class MemoryPresence implements Presence {
  readonly #channels = new Map<string, Present>()

  add(channel: string, info: ClientInfo): void {
    let present = this.#channels.get(channel)
    if (!present) this.#channels.set(channel, (present = { clients: new Map(), connectionsByUser: new Map() }))
    if (!present.clients.has(info.client)) count(present.connectionsByUser, info.user, 1)
    present.clients.set(info.client, info)
  }

  remove(channel: string, client: string): void {
    const present = this.#channels.get(channel)
    const info = present?.clients.get(client)
    if (!present || !info) return
    present.clients.delete(client)
    count(present.connectionsByUser, info.user, -1)
    if (present.clients.size === 0) this.#channels.delete(channel)
  }

  list(channel: string): ReadonlyMap<string, ClientInfo> {
    return this.#channels.get(channel)?.clients ?? new Map()
  }

  stats(channel: string): PresenceStats {
    const present = this.#channels.get(channel)
    return { clients: present?.clients.size ?? 0, users: present?.connectionsByUser.size ?? 0 }
  }
}

function count(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const sum = (counts.get(key) ?? 0) + by
  if (sum > 0) counts.set(key, sum)
  else counts.delete(key)
}
