import { say } from '../locales/words.ts'
import { displayName } from '../users/names.ts'
import type { Item } from './items.ts'

const sentences: Record<string, (name: string) => string> = {
  joined: (name) => say('messages.system.joined', { name }),
  left: (name) => say('messages.system.left', { name }),
  created: (name) => say('messages.system.created', { name }),
}

/** What happened in a room, as a sentence. Kinds that this version does not know keep the words they came with. */
export function saySystemLine({ user, content }: Pick<Item, 'user' | 'content'>): string {
  const name = displayName(user)
  return sentences[content]?.(name) ?? `${name} ${content}`
}
