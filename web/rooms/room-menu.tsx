import type { ReactNode } from 'react'
import Archive from 'lucide-react/icons/archive'
import ArchiveRestore from 'lucide-react/icons/archive-restore'
import AtSign from 'lucide-react/icons/at-sign'
import Bell from 'lucide-react/icons/bell'
import BellOff from 'lucide-react/icons/bell-off'
import CircleSlash from 'lucide-react/icons/circle-slash'
import FolderInput from 'lucide-react/icons/folder-input'
import Info from 'lucide-react/icons/info'
import LogOut from 'lucide-react/icons/log-out'
import Pin from 'lucide-react/icons/pin'
import Star from 'lucide-react/icons/star'
import StarOff from 'lucide-react/icons/star-off'
import UserPlus from 'lucide-react/icons/user-plus'
import UsersRound from 'lucide-react/icons/users-round'
import type { Client, RoomView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import type { OpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { navigate, paths } from '../router.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { favourites } from './group-rooms.ts'
import { archiveRoom, restoreRoom } from './archiving.ts'
import { leavePublicRoom } from './leave-room.ts'
import { isOwner, mayAdd } from './may.ts'
import { RoomMenuButton } from './room-menu-button.tsx'
import { togglePanel } from './side-panel.tsx'

type Doing = { client: Client; openDialog: OpenDialog }

type Item = {
  key: string
  icon: ReactNode
  text: () => string
  isFor?: (room: RoomView) => boolean
  danger?: boolean
  act: (room: RoomView, doing: Doing) => void
}

/** What can be done with a room; between two groups there is a line. */
const groups: readonly (readonly Item[])[] = [
  [
    {
      key: 'details',
      icon: <Info size={16} />,
      text: () => say('room.details'),
      act: (room) => togglePanel(room.id, 'details', false),
    },
    {
      key: 'members',
      icon: <UsersRound size={16} />,
      text: () => say('members.title'),
      act: (room) => togglePanel(room.id, 'members', false),
    },
    {
      key: 'pins',
      icon: <Pin size={16} />,
      text: () => say('pins.title'),
      act: (room) => togglePanel(room.id, 'pins', false),
    },
  ],
  [
    {
      key: 'add',
      icon: <UserPlus size={16} />,
      text: () => say('members.add'),
      isFor: mayAdd,
      act: (room, { openDialog }) => openDialog({ name: 'add-people', room }),
    },
    {
      key: 'archive',
      icon: <Archive size={16} />,
      text: () => say('room.archive'),
      isFor: (room) => isOwner(room) && room.archived_at === null,
      act: (room, { client }) => void archiveRoom(client, room),
    },
    {
      key: 'restore',
      icon: <ArchiveRestore size={16} />,
      text: () => say('room.restore'),
      isFor: (room) => isOwner(room) && room.archived_at !== null,
      act: (room, { client }) => void restoreRoom(client, room),
    },
  ],
  [
    {
      key: 'leave',
      icon: <LogOut size={16} />,
      text: () => say('room.leave'),
      isFor: (room) => room.kind !== 'direct',
      danger: true,
      act: leave,
    },
  ],
]

function leave(room: RoomView, { client, openDialog }: Doing): void {
  // Into an archived room nobody comes back by themselves either.
  if (room.kind !== 'public' || room.archived_at !== null) return openDialog({ name: 'leave-room', room })
  navigate(paths.home)
  void leavePublicRoom(client, room)
}

export default function RoomMenu({ room, opensAtOnce }: { room: RoomView; opensAtOnce: boolean }) {
  const client = useClient()
  const openDialog = useOpenDialog()
  const offered = groups
    .map((items) => items.filter(({ isFor = () => true }) => isFor(room)))
    .filter((items) => items.length > 0)
  return (
    <Menu trigger={<RoomMenuButton />} side="bottom" align="end" opensAtOnce={opensAtOnce}>
      {offered.flatMap((items, i) => [
        i > 0 && <MenuLine key={`before ${items[0]?.key}`} />,
        ...items.map(({ key, icon, text, danger = false, act }) => (
          <MenuItem key={key} icon={icon} danger={danger} onClick={() => act(room, { client, openDialog })}>
            {text()}
          </MenuItem>
        )),
        i === 0 && <MenuLine key="before own" />,
        i === 0 && <OwnItems key="own" room={room} />,
      ])}
    </Menu>
  )
}

const levels = () => [
  { value: 'all' as const, label: say('room.level.all'), icon: <Bell size={16} /> },
  { value: 'mentions' as const, label: say('room.level.mentions'), icon: <AtSign size={16} /> },
  { value: 'nothing' as const, label: say('room.level.nothing'), icon: <CircleSlash size={16} /> },
]

/** What is the viewer's own: where the room stands in their list, and what they want to hear of it. */
function OwnItems({ room }: { room: RoomView }) {
  const client = useClient()
  const openDialog = useOpenDialog()
  const isFavourite = useObservable(client.sections.placements).get(room.id)?.section === favourites
  return (
    <>
      <MenuItem
        icon={isFavourite ? <StarOff size={16} /> : <Star size={16} />}
        onClick={() => client.sections.place(room.id, isFavourite ? null : favourites)}
      >
        {say(isFavourite ? 'sections.favourite.remove' : 'sections.favourite.add')}
      </MenuItem>
      <MenuItem icon={<FolderInput size={16} />} onClick={() => openDialog({ name: 'place-room', room })}>
        {say('sections.move')}
      </MenuItem>
      <MenuLine />
      <MenuChoice
        label={say('room.level')}
        value={room.level}
        choices={levels()}
        onChange={(level) => client.rooms.setLevel(room.id, level)}
      />
      <MenuItem
        icon={room.muted ? <Bell size={16} /> : <BellOff size={16} />}
        onClick={() => client.rooms.setMuted(room.id, !room.muted)}
      >
        {say(room.muted ? 'room.unmute' : 'room.mute')}
      </MenuItem>
    </>
  )
}
