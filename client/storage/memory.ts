import type { StoredAction } from '../actions/action.ts'
import type { ActionStorage, ClientStorage, OutgoingMessage } from './storage.ts'
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
    actions: createActionMemory(),
    tabs,
  }
}

function createActionMemory(): ActionStorage {
  const actions = new Map<string, StoredAction>()
  return {
    list: async (userId) => [...actions.values()].filter((action) => action.user_id === userId),
    async add(action, replaces) {
      for (const id of replaces) actions.delete(id)
      actions.set(action.id, action)
    },
    async setFailure(id, failure) {
      const action = actions.get(id)
      if (action) actions.set(id, withFailure(action, failure))
    },
    remove: async (id) => void actions.delete(id),
    async clear(userId) {
      for (const action of actions.values()) if (action.user_id === userId) actions.delete(action.id)
    },
  }
}

type Refusable = Pick<OutgoingMessage, 'failure'>

export function withFailure<Record extends Refusable>(record: Record, failure: Refusable['failure']): Record {
  const { failure: _, ...written } = record
  return (failure ? { ...written, failure } : written) as Record
}
