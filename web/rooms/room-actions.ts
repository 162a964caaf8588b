import type { ComponentType } from 'react'
import Archive from 'lucide-react/icons/archive'
import ArchiveRestore from 'lucide-react/icons/archive-restore'
import AtSign from 'lucide-react/icons/at-sign'
import Bell from 'lucide-react/icons/bell'
import BellOff from 'lucide-react/icons/bell-off'
import CheckCheck from 'lucide-react/icons/check-check'
import CircleSlash from 'lucide-react/icons/circle-slash'
import FolderInput from 'lucide-react/icons/folder-input'
import Info from 'lucide-react/icons/info'
import LogOut from 'lucide-react/icons/log-out'
import Pin from 'lucide-react/icons/pin'
import Star from 'lucide-react/icons/star'
import StarOff from 'lucide-react/icons/star-off'
import UserPlus from 'lucide-react/icons/user-plus'
import UsersRound from 'lucide-react/icons/users-round'
import X from 'lucide-react/icons/x'
import type { Client, RoomView } from '@grandchat/client'
import type { OpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { archiveRoom, restoreRoom } from './archiving.ts'
import { closeDirect } from './closing.ts'
import { favourites } from './group-rooms.ts'
import { leavePublicRoom } from './leave-room.ts'
import { markRoomRead } from './mark-all-read.ts'
import { isOwner, mayAdd } from './may.ts'
import { togglePanel } from './side-panel.tsx'

export type RoomDoing = { client: Client; openDialog: OpenDialog }

/** One thing that can be done with a room: an entry of its menu, and a command while it is open. */
export type RoomAction = {
  key: string
  icon: ComponentType<{ size?: number }>
  text: () => string
  isFor?: (room: RoomView, doing: RoomDoing) => boolean
  danger?: boolean
  act: (room: RoomView, doing: RoomDoing) => void
}

const isFavourite = ({ id }: RoomView, { client }: RoomDoing) =>
  client.sections.placements.get().get(id)?.section === favourites

/** In the order of the menu; between two groups there is a line. */
export const roomActions: readonly (readonly RoomAction[])[] = [
  [
    panel('details', Info, () => say('room.details')),
    panel('members', UsersRound, () => say('members.title')),
    panel('pins', Pin, () => say('pins.title')),
    {
      key: 'read',
      icon: CheckCheck,
      text: () => say('room.mark_read'),
      isFor: ({ unread }) => unread > 0,
      act: (room, { client }) => markRoomRead(client, room),
    },
  ],
  [
    {
      key: 'favourite',
      icon: Star,
      text: () => say('sections.favourite.add'),
      isFor: (room, doing) => !isFavourite(room, doing),
      act: (room, { client }) => client.sections.place(room.id, favourites),
    },
    {
      key: 'no-favourite',
      icon: StarOff,
      text: () => say('sections.favourite.remove'),
      isFor: isFavourite,
      act: (room, { client }) => client.sections.place(room.id, null),
    },
    {
      key: 'place',
      icon: FolderInput,
      text: () => say('sections.move'),
      act: (room, { openDialog }) => openDialog({ name: 'place-room', room }),
    },
    {
      key: 'mute',
      icon: BellOff,
      text: () => say('room.mute'),
      isFor: (room) => !room.muted,
      act: (room, { client }) => client.rooms.setMuted(room.id, true),
    },
    {
      key: 'unmute',
      icon: Bell,
      text: () => say('room.unmute'),
      isFor: (room) => room.muted,
      act: (room, { client }) => client.rooms.setMuted(room.id, false),
    },
  ],
  [
    {
      key: 'add',
      icon: UserPlus,
      text: () => say('members.add'),
      isFor: mayAdd,
      act: (room, { openDialog }) => openDialog({ name: 'add-people', room }),
    },
    {
      key: 'archive',
      icon: Archive,
      text: () => say('room.archive'),
      isFor: (room) => isOwner(room) && room.archived_at === null,
      act: (room, { client }) => void archiveRoom(client, room),
    },
    {
      key: 'restore',
      icon: ArchiveRestore,
      text: () => say('room.restore'),
      isFor: (room) => isOwner(room) && room.archived_at !== null,
      act: (room, { client }) => void restoreRoom(client, room),
    },
  ],
  [
    {
      key: 'leave',
      icon: LogOut,
      text: () => say('room.leave'),
      isFor: (room) => room.kind !== 'direct',
      danger: true,
      act: leave,
    },
    {
      key: 'close',
      icon: X,
      text: () => say('direct.close'),
      isFor: ({ kind }) => kind === 'direct',
      act: (room, { client }) => closeDirect(client, room),
    },
  ],
]

/** What one wants to hear of a room: one of them holds, so the menu shows them as a choice. */
export const levels = [
  { value: 'all', text: () => say('room.level.all'), icon: Bell },
  { value: 'mentions', text: () => say('room.level.mentions'), icon: AtSign },
  { value: 'nothing', text: () => say('room.level.nothing'), icon: CircleSlash },
] as const satisfies readonly { value: RoomView['level']; text: () => string; icon: RoomAction['icon'] }[]

function panel(key: 'details' | 'members' | 'pins', icon: RoomAction['icon'], text: () => string): RoomAction {
  return { key, icon, text, act: ({ id }) => togglePanel(id, key, false) }
}

function leave(room: RoomView, { client, openDialog }: RoomDoing): void {
  // Into an archived room nobody comes back by themselves either.
  if (room.kind !== 'public' || room.archived_at !== null) return openDialog({ name: 'leave-room', room })
  navigate(paths.home)
  void leavePublicRoom(client, room)
}
