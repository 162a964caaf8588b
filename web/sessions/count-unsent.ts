import type { Client } from '@grandchat/client'

/** Messages that only this device knows: signing out would lose them. */
export function countUnsent(client: Client): number {
  return client.messages.unsent.get().length
}
