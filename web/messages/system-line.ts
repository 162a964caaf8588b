import type { MessageRow, SystemLine } from '@grandchat/contracts/messages/schema'
import type { Posting } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { say, sayNames } from '../locales/words.ts'
import { displayName } from '../users/names.ts'

/** What happened in a room, in words. `messageId`: the words between `before` and `after` lead to that message. */
export type SystemWords = { before: string; link?: { text: string; messageId: number }; after?: string }

type Line = Pick<MessageRow, 'user' | 'content' | 'system'>

/** Everything that others may join into one line with. */
const comings = new Set<SystemLine['type']>(['joined', 'left'])

/** Whether two lines that follow each other are told as one: comings and goings, and whom one person added. */
export function isSameRun(before: Line, after: Line): boolean {
  const first = typeOf(before)
  const second = typeOf(after)
  if (first === undefined || second === undefined) return false
  if (comings.has(first)) return comings.has(second)
  return first === 'added' && second === 'added' && before.user.id === after.user.id
}

/** At most `shown` names and a number, as "Ann, Bob and 3 others". */
export function sayRun(lines: readonly Line[], shown: number): SystemWords {
  const [first] = lines
  if (!first) return { before: '' }
  if (lines.length === 1) return sayLine(first)
  if (typeOf(first) === 'added') {
    const users = lines.flatMap(({ system }) => (system && 'user' in system ? [system.user] : []))
    return { before: say('messages.system.added', { name: displayName(first.user), other: namesOf(users, shown) }) }
  }
  const sentences = groupsOf(lines).map(([how, users]) => sayComing(how, namesOf(users, shown)))
  return { before: sentences.join(' ') }
}

/** Whether a run is about more people than are named. */
export function isCut(lines: readonly Line[], shown: number): boolean {
  // One more than that is named, too: "and 1 other" takes no less room.
  if (lines.length <= shown + 1) return false
  const [first] = lines
  return (first && typeOf(first) === 'added') || groupsOf(lines).some(([, users]) => users.length > shown + 1)
}

function sayLine(line: Line): SystemWords {
  const { user, content, system } = line
  const name = displayName(user)
  const type = typeOf(line)
  if (type === undefined) return { before: `${name} ${content}` }
  if (system?.type === 'renamed') return { before: say('messages.system.renamed', { name, room: system.name }) }
  if (system?.type === 'pinned') return sayPinned(name, system.message_id)
  if (system?.type === 'topic') return { before: sayTopic(name, system.topic) }
  if (system?.type === 'posting') return { before: sayPosting(name, system.posting) }
  if (system && 'user' in system) return { before: sayOther(system.type, name, displayName(system.user)) }
  return { before: sayPlain(type, name) }
}

function sayPlain(type: SystemLine['type'], name: string): string {
  if (type === 'created') return say('messages.system.created', { name })
  if (type === 'archived') return say('messages.system.archived', { name })
  if (type === 'restored') return say('messages.system.restored', { name })
  return sayComing(type === 'left' ? 'left' : 'joined', name)
}

function sayOther(type: 'added' | 'removed', name: string, other: string): string {
  return type === 'added'
    ? say('messages.system.added', { name, other })
    : say('messages.system.removed', { name, other })
}

function sayTopic(name: string, topic: string): string {
  return topic === '' ? say('messages.system.topic.none', { name }) : say('messages.system.topic', { name, topic })
}

function sayPosting(name: string, posting: Posting): string {
  return posting === 'all'
    ? say('messages.system.posting.all', { name })
    : say('messages.system.posting.admins', { name })
}

function sayPinned(name: string, messageId: number): SystemWords {
  // The link's place in the sentence is the language's to choose.
  const [before = '', after = ''] = say('messages.system.pinned', { name, message: '\u0000' }).split('\u0000')
  return { before, link: { text: say('messages.system.pinned.message'), messageId }, after }
}

type Coming = 'joined' | 'left' | 'visited' | 'returned'

function sayComing(how: Coming, names: string): string {
  switch (how) {
    case 'joined':
      return say('messages.system.joined', { name: names })
    case 'left':
      return say('messages.system.left', { name: names })
    case 'visited':
      return say('messages.system.visited', { name: names })
    case 'returned':
  }
  return say('messages.system.returned', { name: names })
}

/** People by what became of them in a run, in the order of their first line. */
function groupsOf(lines: readonly Line[]): [Coming, User[]][] {
  const people = new Map<number, { user: User; first: string; last: string }>()
  for (const line of lines) {
    const type = typeOf(line) ?? 'joined'
    const known = people.get(line.user.id)
    people.set(line.user.id, { user: line.user, first: known?.first ?? type, last: type })
  }
  const groups = new Map<Coming, User[]>()
  for (const { user, first, last } of people.values()) {
    const how: Coming =
      last === 'joined' ? (first === 'joined' ? 'joined' : 'returned') : first === 'joined' ? 'visited' : 'left'
    groups.set(how, [...(groups.get(how) ?? []), user])
  }
  return [...groups]
}

function namesOf(users: readonly User[], shown: number): string {
  const names = [...new Map(users.map((user) => [user.id, displayName(user)])).values()]
  return sayNames(names, shown)
}

/** Lines of old know themselves by their words alone. */
function typeOf({ system, content }: Line): SystemLine['type'] | undefined {
  if (system) return system.type
  return content === 'joined' || content === 'left' || content === 'created' ? content : undefined
}
