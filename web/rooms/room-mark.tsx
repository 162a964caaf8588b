import Hash from 'lucide-react/icons/hash'
import Lock from 'lucide-react/icons/lock'
import User from 'lucide-react/icons/user'
import type { RoomKind } from '@grandchat/contracts/rooms/schema'
import { say } from '../locales/words.ts'
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

/** A room's tile in lists: what kind it is, at a glance. */
export function RoomTile({ kind, className }: { kind: RoomKind; className?: string }) {
  const Icon = icons[kind]
  return (
    <span
      aria-hidden
      className={classes(
        'flex size-9 shrink-0 items-center justify-center rounded-card bg-chosen text-soft',
        className,
      )}
    >
      <Icon size={16} />
    </span>
  )
}

export function RoomIcon({ kind, size = 16 }: { kind: RoomKind; size?: number }) {
  const Icon = icons[kind]
  return <Icon size={size} aria-hidden className="shrink-0 text-soft" />
}
