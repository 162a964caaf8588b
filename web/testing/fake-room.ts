import type { Member } from '@grandchat/contracts/memberships/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { MessageView, RoomView, Timeline } from '@grandchat/client'
import type { Said } from './conversations.ts'
import { displayName } from '../users/names.ts'
import { people, person } from './people.ts'
import { createStore } from './store.ts'

export type FakeRoom = ReturnType<typeof createFakeRoom>

export const timeOf = (date: Date): string => date.toISOString().replace('Z', '000Z')
const minutesAgo = (minutes: number): string => timeOf(new Date(Date.now() - minutes * 60_000))

/** What a message is shown with that nothing hangs on. */
export const noneAttached = { reactions: [], isPinned: false, thread: undefined, change: undefined }

let lastMessageId = 0

export function makeMessage(
  room_id: number,
  user: User,
  content: string,
  seq: number | null,
  created_at: string,
): MessageView {
  const id = ++lastMessageId
  const kind = seq === null ? 'system' : 'user'
  return {
    id,
    room_id,
    thread_id: 0,
    system: null,
    reply_to: null,
    forwarded: null,
    mentions: null,
    seq,
    version: id,
    kind,
    user,
    content,
    client_message_id: null,
    edited_at: null,
    deleted_at: null,
    created_at,
    ...noneAttached,
  }
}

type Options = {
  id: number
  name: string
  kind?: OwnRoom['kind']
  topic?: string
  said: Said[]
  unread?: number
  /** Seqs that mention the viewer. */
  mentions?: number[]
  memberCount?: number
  /** Who is in a direct room, the viewer first. */
  directUsers?: readonly User[]
  role?: OwnRoom['role']
}

/** One room with its whole history in memory; the timeline shows its last hundred messages first. */
export function createFakeRoom({
  id,
  name,
  kind = 'public',
  topic = '',
  said,
  unread = 0,
  mentions = [],
  directUsers,
  memberCount = directUsers?.length ?? 8,
  role = 'member',
}: Options) {
  let seq = 0
  const history = said.map(([ago, username, content]) => {
    const isSystem = content.startsWith('*')
    const text = isSystem ? content.slice(1) : content
    const message = makeMessage(id, person(username), text, isSystem ? null : ++seq, minutesAgo(ago))
    return mentions.includes(message.seq ?? 0)
      ? { ...message, mentions: { users: [people[0]!.id], all: false } }
      : message
  })
  const last = history.findLast((message) => message.kind === 'user')
  const view: RoomView = {
    id,
    kind,
    name,
    title: directUsers ? directUsers.slice(1).map(displayName).join(', ') : name,
    topic,
    posting: 'all',
    direct_users: directUsers ? [...directUsers] : null,
    version: history.length,
    bumped_at: history.at(-1)?.created_at ?? minutesAgo(0),
    created_at: history[0]?.created_at ?? minutesAgo(0),
    archived_at: null,
    delivery: 'personal',
    member_count: memberCount,
    last_seq: seq,
    last_message: last
      ? { id: last.id, content: last.content.slice(0, 280), user: last.user, created_at: last.created_at }
      : null,
    role,
    read_seq: seq - unread,
    level: 'all',
    muted: false,
    unread_mentions: mentions.filter((mention) => mention > seq - unread),
    unread,
  }
  const shown = history.slice(-100)
  const timeline = createStore<Timeline>({
    status: 'ready',
    messages: shown,
    pending: [],
    hasOlder: shown.length < history.length,
    loadingOlder: false,
    olderFailed: false,
    hasNewer: false,
    loadingNewer: false,
    newerFailed: false,
    target: null,
    dividerAfterSeq: null,
  })
  return { id, history, view: createStore<RoomView | undefined>(view), timeline, members: membersOf(memberCount) }
}

function membersOf(count: number): Member[] {
  return Array.from({ length: count }, (_, i): Member => {
    const known = people[i]
    const user = known ?? { id: i + 1, username: `person.${i + 1}`, display_name: null }
    const role = i === 0 ? 'owner' : i === 1 ? 'admin' : 'member'
    return { user, role, joined_at: minutesAgo(1000 - i), left_at: null, delivered_seq: 0, seen_seq: 0, version: i }
  })
}
