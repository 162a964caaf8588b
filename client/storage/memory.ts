import type { ClientStorage, OutgoingMessage } from './storage.ts'

export function createMemoryStorage(): ClientStorage {
  const outgoing = new Map<string, OutgoingMessage>()
  return {
    outgoing: {
      list: async (userId) => [...outgoing.values()].filter((message) => message.user_id === userId),
      put: async (message) => void outgoing.set(message.client_message_id, message),
      remove: async (clientMessageId) => void outgoing.delete(clientMessageId),
    },
  }
}
