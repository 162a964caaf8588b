import type { ClientStorage, OutgoingMessage } from './storage.ts'
import { type Tabs, createLoneTab } from './tabs.ts'

/** Lasts as long as the process; clients that are given the same one are like tabs of one browser. */
export function createMemoryStorage(tabs: Tabs = createLoneTab()): ClientStorage {
  const outgoing = new Map<string, OutgoingMessage>()
  return {
    outgoing: {
      list: async (userId) => [...outgoing.values()].filter((message) => message.user_id === userId),
      async add(message) {
        if (!outgoing.has(message.client_message_id)) outgoing.set(message.client_message_id, message)
      },
      async setFailure(clientMessageId, failure) {
        const message = outgoing.get(clientMessageId)
        if (message) outgoing.set(clientMessageId, withFailure(message, failure))
      },
      remove: async (clientMessageId) => void outgoing.delete(clientMessageId),
      async clear(userId) {
        for (const message of outgoing.values()) {
          if (message.user_id === userId) outgoing.delete(message.client_message_id)
        }
      },
    },
    tabs,
  }
}

export function withFailure(message: OutgoingMessage, failure: OutgoingMessage['failure']): OutgoingMessage {
  const { failure: _, ...written } = message
  return failure ? { ...written, failure } : written
}
