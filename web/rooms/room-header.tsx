import { Suspense, useState } from 'react'
import type { MouseEvent } from 'react'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import Pin from 'lucide-react/icons/pin'
import UsersRound from 'lucide-react/icons/users-round'
import type { RoomView } from '@grandchat/client'
import { lazyPart } from '../parts.ts'
import { say, sayCount } from '../locales/words.ts'
import { HereCount } from '../presence/here-count.tsx'
import { goBack, paths } from '../router.tsx'
import type { Panel } from '../router.tsx'
import { SearchButton } from '../search/search-button.tsx'
import { IconButton } from '../ui/button.tsx'
import { type PressedBy, pressedBy } from '../ui/pressed-by.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { RoomIcon, sayKind } from './room-mark.tsx'
import { RoomMenuButton } from './room-menu-button.tsx'
import { panelId, togglePanel } from './side-panel.tsx'

const RoomMenu = lazyPart(() => import('./room-menu.tsx'))

export const headerClasses =
  'flex h-[calc(var(--header-height)+var(--safe-top))] shrink-0 items-center gap-2 border-b border-hairline px-5 pt-(--safe-top) max-wide:gap-1 max-wide:px-1.5'

export function RoomHeader({ room, panel }: { room: RoomView; panel: Panel | undefined }) {
  // The menu comes with its first press, or as soon after it as its code is here: rooms are opened more often than it.
  const [menuPressed, setMenuPressed] = useState<PressedBy>()
  const press = (event: MouseEvent) => void setTimeout(setMenuPressed, 0, pressedBy(event))
  const menuButton = <RoomMenuButton aria-haspopup="menu" onClick={press} />
  return (
    <div className={headerClasses}>
      <BackButton />
      <div className="flex min-w-0 flex-1 items-center gap-2">
        <RoomIcon kind={room.kind} />
        <span className="sr-only">{sayKind(room.kind)}</span>
        <div className="flex min-w-0 items-baseline gap-3">
          <h1 dir="auto" className="max-w-full shrink-0 truncate font-semibold wide:not-only:max-w-3/4">
            {room.title}
          </h1>
          {room.topic !== '' && (
            <p dir="auto" title={room.topic} className="hidden min-w-0 truncate text-meta text-soft wide:block">
              {room.topic}
            </p>
          )}
        </div>
      </div>
      <HereCount roomId={room.id} />
      <PinsButton roomId={room.id} pressed={panel === 'pins'} />
      <MembersButton room={room} pressed={panel === 'members'} />
      <SearchButton />
      <Suspense fallback={menuButton}>
        {menuPressed ? <RoomMenu room={room} wasPressed={menuPressed} /> : menuButton}
      </Suspense>
    </div>
  )
}

/** Small screens only: back to the list. */
export function BackButton() {
  return (
    <IconButton label={say('app.back')} className="wide:hidden" onClick={() => goBack(paths.home)}>
      <ArrowLeft size={20} aria-hidden className="rtl:-scale-x-100" />
    </IconButton>
  )
}

/** On small screens the room's menu leads there. */
function PinsButton({ roomId, pressed }: { roomId: number; pressed: boolean }) {
  return (
    <IconButton
      label={say('pins.title')}
      aria-expanded={pressed}
      aria-controls={panelId('pins')}
      className="max-wide:hidden"
      onClick={() => togglePanel(roomId, 'pins', pressed)}
    >
      <Pin size={16} aria-hidden />
    </IconButton>
  )
}

function MembersButton({ room, pressed }: { room: RoomView; pressed: boolean }) {
  const label = say('room.members', { count: room.member_count })
  return (
    <button
      type="button"
      aria-label={label}
      aria-expanded={pressed}
      aria-controls={panelId('members')}
      data-tip={label}
      onClick={() => togglePanel(room.id, 'members', pressed)}
      className="no-tap-zoom transition-colour figures flex h-8 shrink-0 items-center gap-1.5 rounded-control px-2 text-meta text-soft hover:bg-hover hover:text-text aria-expanded:bg-chosen aria-expanded:text-text max-wide:h-11 max-wide:px-3"
    >
      <UsersRound size={16} aria-hidden />
      {sayCount(room.member_count)}
    </button>
  )
}

export function RoomHeaderSkeleton() {
  return (
    <div className={headerClasses}>
      <BackButton />
      <div className="appears-late">
        <Skeleton className="h-3.5 w-36" />
      </div>
    </div>
  )
}
