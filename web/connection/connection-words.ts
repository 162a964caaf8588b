import type { ConnectionState } from '@grandchat/client'
import { say } from '../locales/words.ts'

const names = {
  connecting: () => say('connection.connecting'),
  live: () => say('connection.live'),
  polling: () => say('connection.polling'),
  reconnecting: () => say('connection.reconnecting'),
  offline: () => say('connection.offline'),
} satisfies Record<ConnectionState, () => string>

export function sayConnection(state: ConnectionState): string {
  return names[state]()
}

/** What a state means for whoever is writing; nothing while all is well. */
export function explainConnection(state: ConnectionState): string | undefined {
  if (state === 'polling') return say('connection.polling.text')
  if (state === 'reconnecting') return say('connection.reconnecting.text')
  if (state === 'offline') return say('connection.offline.text')
  return undefined
}
