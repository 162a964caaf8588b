import type { ButtonHTMLAttributes, Ref } from 'react'
import ChevronsUpDown from 'lucide-react/icons/chevrons-up-down'
import { useMe } from '../client-context.tsx'
import { ConnectionState } from '../connection/connection-state.tsx'
import { say } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { displayName } from '../users/names.ts'
import { StatusMark } from '../users/status-mark.tsx'

type UserButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { ref?: Ref<HTMLButtonElement> }

/** Oneself and the state of the connection; opens the user menu. */
export function UserButton(props: UserButtonProps) {
  const me = useMe()
  return (
    <button
      type="button"
      {...props}
      aria-label={say('user.menu', { name: displayName(me) })}
      className="no-tap-zoom transition-colour relative flex w-full items-center gap-2.5 rounded-control p-2 text-start hover:bg-hover aria-expanded:bg-chosen rail:justify-center rail:px-0 compact:py-1.5"
    >
      <Avatar user={me} />
      <span className="flex min-w-0 flex-1 flex-col rail:contents">
        <span className="flex min-w-0 items-baseline gap-1.5 rail:hidden">
          <bdi className="truncate font-medium">{displayName(me)}</bdi>
          <StatusMark userId={me.id} />
        </span>
        <span className="text-meta rail:absolute rail:end-1 rail:bottom-1 rail:rounded-full rail:bg-side rail:p-0.5">
          <ConnectionState />
        </span>
      </span>
      <ChevronsUpDown size={16} aria-hidden className="shrink-0 text-faint rail:hidden" />
    </button>
  )
}
