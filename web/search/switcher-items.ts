import type { RoomView } from '@grandchat/client'
import type { DiscoveredRoom } from '@grandchat/contracts/rooms/schema'
import type { FoundMessage } from '@grandchat/contracts/search/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { displayName } from '../users/names.ts'
import { type Command, type CommandContext, commands } from './commands.ts'
import { fitting } from './fuzzy.ts'
import type { RemoteItems } from './use-remote-items.ts'

/** Something to jump to, or to do. */
export type SwitcherItem =
  | { kind: 'room'; id: string; room: RoomView }
  | { kind: 'discovered'; id: string; room: DiscoveredRoom }
  | { kind: 'person'; id: string; user: User }
  | { kind: 'message'; id: string; found: FoundMessage }
  | { kind: 'command'; id: string; command: Command; about: string | undefined }

export type SwitcherGroup = { name: 'recent' | 'rooms' | 'people' | 'messages' | 'commands'; items: SwitcherItem[] }

type Known = {
  typed: string
  rooms: readonly RoomView[]
  recent: readonly number[]
  currentId: number | undefined
  remote: RemoteItems
  context: CommandContext
}

const most = { recent: 8, rooms: 6, people: 5, commands: 8 }

/** What fits what was typed, in groups; with nothing typed, where one was last, what is unread, and what can be done. */
export function groupItems(known: Known): SwitcherGroup[] {
  const { typed, remote, rooms } = known
  const groups: SwitcherGroup[] =
    typed === ''
      ? [
          { name: 'recent', items: recentFirst(known).slice(0, most.recent).map(roomItem) },
          { name: 'commands', items: commandItems(known) },
        ]
      : [
          { name: 'rooms', items: roomItems(known) },
          { name: 'people', items: personItems(remote.people, typed, rooms) },
          { name: 'messages', items: remote.typed === typed ? remote.messages.map(messageItem) : [] },
          { name: 'commands', items: commandItems(known) },
        ]
  return groups.filter(({ items }) => items.length > 0)
}

/** Unread ones that were not open here lately come after those that were. */
function recentFirst({ rooms, recent, currentId }: Known): RoomView[] {
  const byId = new Map(rooms.map((room) => [room.id, room]))
  const visited = recent.flatMap((id) => byId.get(id) ?? [])
  const unread = rooms.filter((room) => room.unread > 0)
  return [...new Set([...visited, ...unread, ...rooms])].filter(({ id }) => id !== currentId)
}

function roomItems({ typed, rooms, remote }: Known): SwitcherItem[] {
  const own = fitting(rooms, typed, ({ title }) => title)
  const isOwn = new Set(rooms.map(({ id }) => id))
  const others = fitting(
    remote.rooms.filter(({ id, is_member }) => !is_member && !isOwn.has(id)),
    typed,
    ({ name }) => name,
  )
  return [...own.slice(0, most.rooms).map(roomItem), ...others.slice(0, most.rooms).map(discoveredItem)]
}

/** Whoever one has a direct room with is found by it. */
function personItems(people: readonly User[], typed: string, rooms: readonly RoomView[]): SwitcherItem[] {
  const known = new Set(
    rooms.flatMap(({ direct_users: users }) => (users?.length === 2 ? users.map(({ id }) => id) : [])),
  )
  return fitting(people, typed, (user) => `${displayName(user)} ${user.username}`)
    .filter(({ id }) => !known.has(id))
    .slice(0, most.people)
    .map((user) => ({ kind: 'person', id: `user-${user.id}`, user }))
}

function commandItems({ typed, context }: Known): SwitcherItem[] {
  const shown = commands.filter(({ isShown }) => isShown?.(context) ?? true)
  const found = fitting(shown, typed, ({ label }) => label())
  return found
    .slice(0, typed === '' ? found.length : most.commands)
    .map((command) => ({ kind: 'command', id: `command-${command.id}`, command, about: command.about?.(context) }))
}

const roomItem = (room: RoomView): SwitcherItem => ({ kind: 'room', id: `room-${room.id}`, room })
const discoveredItem = (room: DiscoveredRoom): SwitcherItem => ({ kind: 'discovered', id: `room-${room.id}`, room })
const messageItem = (found: FoundMessage): SwitcherItem => ({
  kind: 'message',
  id: `message-${found.message.id}`,
  found,
})
