import Hash from 'lucide-react/icons/hash'
import Lock from 'lucide-react/icons/lock'
import User from 'lucide-react/icons/user'
import type { RoomView } from '@grandchat/client'
import type { RoomKind } from '@grandchat/contracts/rooms/schema'
import { say } from '../locales/words.ts'
import { PresenceDot } from '../presence/presence-dot.tsx'
import { Avatar, hueOf, initialOf } from '../ui/avatar.tsx'
import type { Hued } from '../ui/avatar.tsx'
import { classes } from '../ui/classes.ts'

const icons = { public: Hash, private: Lock, direct: User }

const kindNames = {
  public: () => say('rooms.kind.public'),
  private: () => say('rooms.kind.private'),
  direct: () => say('rooms.kind.direct'),
}

export function sayKind(kind: RoomKind): string {
  return kindNames[kind]()
}

/** A room's mark in one's own list: that of a direct room is the people one has in it. */
export function RoomMark({ room, viewerId }: { room: RoomView; viewerId: number }) {
  if (!room.direct_users)
    return <RoomTile room={room} className="compact:size-6 compact:rounded-control compact:text-tiny" />
  const others = room.direct_users.filter(({ id }) => id !== viewerId)
  const [first, second] = others.length > 0 ? others : room.direct_users
  if (!first) return null
  if (!second) {
    return (
      <span className="relative flex shrink-0">
        <Avatar user={first} className="compact:size-6 compact:text-tiny" />
        {first.id !== viewerId && <PresenceDot userId={first.id} />}
      </span>
    )
  }
  return (
    <span aria-hidden className="relative flex size-9 shrink-0 compact:size-6">
      <Avatar user={first} size={28} className="compact:size-5" />
      <span className="absolute end-0 bottom-0 flex">
        <Avatar user={second} size={20} className="ring-2 ring-side compact:size-3" />
      </span>
    </span>
  )
}

type RoomTileProps = { room: { id: number; name: string }; className?: string }

/** A room's mark in lists: square where a person's is round. Its name always stands next to it. */
export function RoomTile({ room, className }: RoomTileProps) {
  const style: Hued = { '--hue': hueOf(room.id) }
  return (
    <span
      aria-hidden
      style={style}
      className={classes(
        'avatar flex size-9 shrink-0 items-center justify-center overflow-clip rounded-card font-semibold select-none',
        className,
      )}
    >
      {initialOf(room.name)}
    </span>
  )
}

export function RoomIcon({ kind, size = 16 }: { kind: RoomKind; size?: number }) {
  const Icon = icons[kind]
  return <Icon size={size} aria-hidden className="shrink-0 text-soft" />
}
