import { Suspense, useState } from 'react'
import type { ReactNode } from 'react'
import AtSign from 'lucide-react/icons/at-sign'
import Bookmark from 'lucide-react/icons/bookmark'
import Compass from 'lucide-react/icons/compass'
import Inbox from 'lucide-react/icons/inbox'
import MessageSquareText from 'lucide-react/icons/message-square-text'
import PanelLeftClose from 'lucide-react/icons/panel-left-close'
import PanelLeftOpen from 'lucide-react/icons/panel-left-open'
import PencilLine from 'lucide-react/icons/pencil-line'
import Plus from 'lucide-react/icons/plus'
import Search from 'lucide-react/icons/search'
import SquarePen from 'lucide-react/icons/square-pen'
import UsersRound from 'lucide-react/icons/users-round'
import { useClient, useObservable } from '../client-context.tsx'
import { lazyPart } from '../parts.ts'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { useMentionCount } from '../mentions/use-mention-count.ts'
import { UnsentNotice } from '../messages/unsent-notice.tsx'
import { Link, paths } from '../router.tsx'
import type { Route } from '../router.tsx'
import { UserButton } from '../sessions/user-button.tsx'
import { ariaKeys, sayShortcut } from '../shortcuts/say-keys.ts'
import type { ShortcutName } from '../shortcuts/shortcuts.ts'
import { UnreadThreads } from '../threads/unread-threads.tsx'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { Logo } from '../ui/logo.tsx'
import { useUnreadCount } from '../unreads/use-unread-count.ts'
import { RoomList } from './room-list.tsx'
import { type PressedBy, pressedBy } from '../ui/pressed-by.ts'
import { SidebarHandle } from './sidebar-handle.tsx'
import { sidebarShape, toggleSidebar } from './sidebar-size.ts'
import { sayUnread } from './unread-badge.tsx'

const UserMenu = lazyPart(() => import('../sessions/user-menu.tsx'))

/** One's rooms, the ways to more of them, and oneself. */
export function Sidebar({ route, className }: { route: Route; className: string }) {
  return (
    <aside
      id="sidebar"
      role={route.name === 'home' ? 'region' : undefined}
      aria-label={say('rooms.title')}
      className={classes(
        'relative w-full shrink-0 flex-col border-e border-hairline bg-side max-wide:border-none pt-(--safe-top) wide:w-(--sidebar-width)',
        className,
      )}
    >
      {/* Alone on a small screen, the list is the page. */}
      {route.name === 'home' && <h1 className="sr-only wide:hidden">{say('rooms.list')}</h1>}
      <SidebarHeader />
      <JumpButton />
      {/* Both scroll as one: where there is little height or large text, the rooms have all of it. */}
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain">
        <Pages route={route} />
        <RoomList currentId={route.name === 'room' ? route.roomId : undefined} />
      </div>
      <UnsentNotice />
      <div className="border-t border-hairline p-2 pb-[calc(0.5rem+var(--safe-bottom))]">
        <OwnMenu />
      </div>
      <SidebarHandle controls="sidebar" />
    </aside>
  )
}

/** Who presses the button while the menu's code is on its way gets the menu as soon as it is here. */
function OwnMenu() {
  const [wasPressed, setWasPressed] = useState<PressedBy>()
  return (
    <Suspense fallback={<UserButton onClick={(event) => setWasPressed(pressedBy(event))} />}>
      <UserMenu wasPressed={wasPressed} />
    </Suspense>
  )
}

function SidebarHeader() {
  const openDialog = useOpenDialog()
  return (
    <div className="flex h-(--header-height) shrink-0 items-center gap-1 ps-4 pe-2.5 rail:h-auto rail:flex-col rail:px-0 rail:pt-3">
      <Link
        to={paths.home}
        className="me-auto flex min-w-0 items-center gap-2.5 rounded-control font-semibold rail:hidden"
      >
        <Logo size={24} />
        <span className="truncate">{say('app.name')}</span>
      </Link>
      <CollapseButton />
      <IconButton
        label={say('direct.new')}
        className="hover:bg-chosen"
        onClick={() => openDialog({ name: 'new-message' })}
      >
        <SquarePen size={17} aria-hidden />
      </IconButton>
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

function CollapseButton() {
  const collapsed = sidebarShape.use() === 'collapsed'
  const Icon = collapsed ? PanelLeftOpen : PanelLeftClose
  return (
    <IconButton
      label={say(collapsed ? 'sidebar.expand' : 'sidebar.collapse')}
      className="hover:bg-chosen max-wide:hidden"
      onClick={toggleSidebar}
    >
      <Icon size={18} aria-hidden className="rtl:-scale-x-100" />
    </IconButton>
  )
}

/** The way to everything for those without a keyboard; it tells the others of their keys. */
function JumpButton() {
  const openDialog = useOpenDialog()
  return (
    <div className="px-2 pb-1">
      <button
        type="button"
        aria-keyshortcuts={ariaKeys('switcher')}
        title={say('switcher.title')}
        onClick={() => openDialog({ name: 'switcher' })}
        className="no-tap-zoom transition-colour flex h-9 w-full items-center gap-2.5 rounded-control px-2 text-soft outline-offset-[-2px] hover:bg-hover hover:text-text max-wide:h-11 rail:justify-center rail:px-0"
      >
        <span className="flex w-9 justify-center compact:w-6 rail:w-auto">
          <Search size={18} aria-hidden />
        </span>
        <span className="truncate rail:sr-only">{say('switcher.open')}</span>
        <kbd aria-hidden className="ms-auto font-sans text-tiny text-soft max-wide:hidden rail:hidden">
          {sayShortcut('switcher')}
        </kbd>
      </button>
    </div>
  )
}

function Pages({ route }: { route: Route }) {
  const waiting = useObservable(useClient().scheduled.list).length
  const drafts = useObservable(useClient().drafts.list).length
  const isDrafts = route.name === 'drafts' || route.name === 'scheduled'
  return (
    // On a small screen, where rooms follow below, they are two rows of tiles, the first of them as wide as two.
    <div className="flex shrink-0 flex-col px-2 pb-1 max-wide:grid max-wide:grid-cols-4 max-wide:gap-1.5 max-wide:*:first:col-span-2 max-wide:px-3 max-wide:pb-2">
      <PageLink
        to={paths.unreads}
        icon={Inbox}
        label={say('unreads.title')}
        count={useUnreadCount()}
        current={route.name === 'unreads'}
        shortcut="unreads"
      />
      <PageLink
        to={paths.mentions}
        icon={AtSign}
        label={say('mentions.title')}
        count={useMentionCount()}
        current={route.name === 'mentions'}
        shortcut="mentions"
      />
      <PageLink
        to={paths.threads}
        icon={MessageSquareText}
        label={say('threads.title')}
        current={route.name === 'threads'}
      >
        <UnreadThreads />
      </PageLink>
      <PageLink
        to={drafts === 0 && waiting > 0 ? paths.scheduled : paths.drafts}
        icon={PencilLine}
        label={say('drafts.title')}
        count={drafts + waiting}
        current={isDrafts}
      />
      <PageLink to={paths.saved} icon={Bookmark} label={say('saved.title')} current={route.name === 'saved'} />
      <PageLink to={paths.people} icon={UsersRound} label={say('people.title')} current={route.name === 'people'} />
      <PageLink to={paths.discover} icon={Compass} label={say('rooms.discover')} current={route.name === 'discover'} />
    </div>
  )
}

type PageLinkProps = {
  to: string
  icon: typeof Compass
  label: string
  count?: number
  current: boolean
  shortcut?: ShortcutName
  children?: ReactNode
}

function PageLink({ to, icon: Icon, label, count = 0, current, shortcut, children }: PageLinkProps) {
  return (
    <Link
      to={to}
      aria-current={current ? 'page' : undefined}
      aria-keyshortcuts={shortcut && ariaKeys(shortcut)}
      title={shortcut ? `${label} (${sayShortcut(shortcut)})` : label}
      className="no-tap-zoom transition-colour relative flex h-9 items-center gap-2.5 rounded-control px-2 text-soft outline-offset-[-2px] hover:bg-hover hover:text-text aria-[current]:bg-chosen aria-[current]:text-text max-wide:h-auto max-wide:min-h-17 max-wide:flex-col max-wide:gap-1 max-wide:bg-hover max-wide:px-1.5 max-wide:pt-2.5 max-wide:pb-1.5 wide:compact:h-8 rail:justify-center rail:px-0"
    >
      <span className="flex w-9 justify-center compact:w-6 rail:w-auto">
        <Icon size={18} aria-hidden />
      </span>
      <span className="min-w-0 wide:flex-1 truncate rail:sr-only max-wide:line-clamp-2 max-wide:text-center max-wide:text-meta max-wide:text-wrap">
        {label}
      </span>
      <span className="flex max-wide:absolute max-wide:end-2 max-wide:top-1.5 rail:contents">
        {count > 0 && <span className="figures text-meta rail:sr-only">{sayUnread(count)}</span>}
        {children}
      </span>
    </Link>
  )
}
