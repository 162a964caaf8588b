import type { ButtonHTMLAttributes, Ref } from 'react'
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import { useMe } from '../client-context.tsx'
import { ConnectionState } from '../connection/connection-state.tsx'
import { say } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { displayName } from '../users/names.ts'

type UserButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> }

/** Oneself and the state of the connection; opens the user menu. */
export function UserButton(props: UserButtonProps) {
  const me = useMe()
  return (
    <button
      type="button"
      {...props}
      aria-label={say('user.menu', { name: displayName(me) })}
      className="no-tap-zoom transition-colour flex w-full items-center gap-2.5 rounded-control p-2 text-start hover:bg-hover aria-expanded:bg-chosen"
    >
      <Avatar user={me} />
      <span className="flex min-w-0 flex-1 flex-col">
        <bdi className="truncate font-medium">{displayName(me)}</bdi>
        <span className="text-meta">
          <ConnectionState />
        </span>
      </span>
      <ChevronsUpDown size={16} aria-hidden className="shrink-0 text-faint" />
    </button>
  )
}
