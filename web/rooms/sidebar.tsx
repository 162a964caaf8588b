import { lazy, Suspense } from 'react'
import Compass from 'lucide-react/icons/compass'
import Plus from 'lucide-react/icons/plus'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { Link, paths } from '../router.tsx'
import type { Route } from '../router.tsx'
import { UserButton } from '../sessions/user-button.tsx'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { Logo } from '../ui/logo.tsx'
import { RoomList } from './room-list.tsx'

const UserMenu = lazy(() => import('../sessions/user-menu.tsx'))

/** One's rooms, the ways to more of them, and oneself. */
export function Sidebar({ route, className }: { route: Route; className: string }) {
  return (
    <aside
      aria-label={say('rooms.title')}
      className={classes(
        'w-full shrink-0 flex-col border-e border-hairline bg-side pt-(--safe-top) wide:w-(--sidebar-width)',
        className,
      )}
    >
      <SidebarHeader discovering={route.name === 'discover'} />
      <RoomList currentId={route.name === 'room' ? route.roomId : undefined} />
      <div className="border-t border-hairline p-2 pb-[calc(0.5rem+var(--safe-bottom))]">
        <Suspense fallback={<UserButton />}>
          <UserMenu />
        </Suspense>
      </div>
    </aside>
  )
}

function SidebarHeader({ discovering }: { discovering: boolean }) {
  const openDialog = useOpenDialog()
  return (
    <div className="flex h-(--header-height) shrink-0 items-center gap-1 ps-4 pe-2.5">
      <Link to={paths.home} className="flex min-w-0 flex-1 items-center gap-2.5 rounded-control font-semibold">
        <Logo size={24} />
        <span className="truncate">{say('app.name')}</span>
      </Link>
      <Link
        to={paths.discover}
        aria-label={say('rooms.discover')}
        aria-current={discovering ? 'page' : undefined}
        data-tip={say('rooms.discover')}
        className="no-tap-zoom transition-colour flex size-8 items-center justify-center rounded-control text-soft hover:bg-chosen hover:text-text aria-[current]:bg-chosen aria-[current]:text-text max-wide:size-11"
      >
        <Compass size={18} aria-hidden />
      </Link>
      <IconButton
        label={say('rooms.new')}
        className="hover:bg-chosen"
        onClick={() => openDialog({ name: 'create-room' })}
      >
        <Plus size={18} aria-hidden />
      </IconButton>
    </div>
  )
}
