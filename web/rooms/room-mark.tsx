import Hash from 'lucide-react/icons/hash'
import Lock from 'lucide-react/icons/lock'
import User from 'lucide-react/icons/user'
import type { RoomKind } from '@grandchat/contracts/rooms/schema'
import { say } from '../locales/words.ts'
import { hueOf, initialOf } from '../ui/avatar.tsx'
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
