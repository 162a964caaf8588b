import type { Client } from './client.ts'
import { globMatcher } from './glob.ts'
import type { Subscription } from './subscription.ts'

/** Who is connected, and who subscribes to what. */
export class Registry {
  readonly #clients = new Map<string, Client>()
  readonly #clientsByUser = new Map<string, Set<Client>>()
  readonly #subscriptions = new Map<string, Set<Subscription>>()
  #subscriptionCount = 0

  addClient(client: Client): void {
    this.#clients.set(client.id, client)
    addTo(this.#clientsByUser, client.user, client)
  }

  /** False when it was not connected. */
  removeClient(client: Client): boolean {
    if (!this.#clients.delete(client.id)) return false
    return removeFrom(this.#clientsByUser, client.user, client)
  }

  clients(): Iterable<Client> {
    return this.#clients.values()
  }

  clientsOf(user: string): ReadonlySet<Client> {
    return this.#clientsByUser.get(user) ?? new Set()
  }

  addSubscription(subscription: Subscription): void {
    addTo(this.#subscriptions, subscription.channel, subscription)
    this.#subscriptionCount++
  }

  removeSubscription(subscription: Subscription): void {
    if (removeFrom(this.#subscriptions, subscription.channel, subscription)) this.#subscriptionCount--
  }

  /** Live: what is removed while it is iterated is not visited, what is added is. */
  subscriptionsTo(channel: string): ReadonlySet<Subscription> | undefined {
    return this.#subscriptions.get(channel)
  }

  /** With the number of subscriptions. `*` in the pattern stands for anything; an empty one matches all. */
  channels(pattern: string): Array<[channel: string, subscriptions: number]> {
    const matches = pattern === '' ? () => true : globMatcher(pattern)
    const found: Array<[string, number]> = []
    for (const [channel, { size }] of this.#subscriptions) if (matches(channel)) found.push([channel, size])
    return found
  }

  get counts() {
    return {
      clients: this.#clients.size,
      users: this.#clientsByUser.size,
      channels: this.#subscriptions.size,
      subscriptions: this.#subscriptionCount,
    }
  }
}

function addTo<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const set = sets.get(key)
  if (set) set.add(value)
  else sets.set(key, new Set([value]))
}

function removeFrom<K, V>(sets: Map<K, Set<V>>, key: K, value: V): boolean {
  const set = sets.get(key)
  const wasThere = set?.delete(value) ?? false
  if (set?.size === 0) sets.delete(key)
  return wasThere
}
