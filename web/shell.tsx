import { Suspense, useEffect, useRef } from 'react'
import { DirectionProvider } from '@base-ui/react/direction-provider'
import { fetchParts, lazyPart } from './parts.ts'
import { useDocumentTitle } from './rooms/use-document-title.ts'
import { RoomPage } from './rooms/room-page.tsx'
import { Sidebar } from './rooms/sidebar.tsx'
import { NoRoom } from './rooms/no-room.tsx'
import { Refusals } from './messages/refusals.tsx'
import { useAskBeforeClosing } from './messages/use-ask-before-closing.ts'
import { DialogsProvider } from './dialogs.tsx'
import { isRightToLeft } from './locales/languages.ts'
import { useFollowLanguage } from './locales/use-language.ts'
import { say, spokenLanguage } from './locales/words.ts'
import { useClient } from './client-context.tsx'
import { useNotifications } from './notifications/use-notifications.ts'
import { hasPanel, paths, useSearchText } from './router.tsx'
import type { Route } from './router.tsx'
import { useRememberRoom } from './search/recent-rooms.ts'
import { followShared } from './settings/shared.ts'
import { GlobalKeys } from './shortcuts/global-keys.tsx'
import { classes } from './ui/classes.ts'
import { useKeptFocus } from './ui/use-kept-focus.ts'

/** By then the rooms and messages are there. */
const quietAfterMs = 3_000

const SearchPanel = lazyPart(() => import('./search/search-panel.tsx'))
const SettingsPage = lazyPart(() => import('./settings/settings-page.tsx'))
const SavedPage = lazyPart(() => import('./own-rows/saved-page.tsx'))
const DraftsPage = lazyPart(() => import('./own-rows/drafts-page.tsx'))
const PeoplePage = lazyPart(() => import('./users/people-page.tsx'))
const UnreadsPage = lazyPart(() => import('./unreads/unreads-page.tsx'))
const MentionsPage = lazyPart(() => import('./mentions/mentions-page.tsx'))
const ThreadsPage = lazyPart(() => import('./threads/threads-page.tsx'))
const DiscoverPage = lazyPart(() => import('./rooms/discover-page.tsx'))

/** The app of somebody who is signed in: rooms on one side, what they do on the other; one at a time on small screens. */
export default function Shell({ route }: { route: Route }) {
  const home = route.name === 'home'
  useRememberRoom(route)
  useDocumentTitle(route)
  useAskBeforeClosing()
  useNotifications()
  const client = useClient()
  useFollowLanguage(client)
  useEffect(() => followShared(client), [client])
  useEffect(() => {
    const timer = setTimeout(fetchParts, quietAfterMs)
    return () => clearTimeout(timer)
  }, [])
  const main = useRef<HTMLDivElement>(null)
  useKeptFocus(main, route.name === 'room' ? paths.room(route.roomId) : route.name)
  return (
    <DirectionProvider direction={isRightToLeft(spokenLanguage()) ? 'rtl' : 'ltr'}>
      <DialogsProvider>
        <Refusals />
        <GlobalKeys route={route} />
        <a
          href="#main"
          onClick={focusMain}
          className="fixed start-3 top-3 z-(--layer-toast) -translate-y-20 rounded-control bg-inverse px-4 py-2 text-on-inverse focus:translate-y-0"
        >
          {say(route.name === 'room' ? 'app.skip' : 'app.skip.main')}
        </a>
        {/* At home the list of rooms is what one came for, and on a small screen all there is. */}
        <div role={home ? 'main' : undefined} className="flex h-dvh overflow-hidden">
          <Sidebar route={route} className={classes(home ? 'flex' : 'hidden wide:flex')} />
          <div
            ref={main}
            id="main"
            role={home ? undefined : 'main'}
            tabIndex={-1}
            className={classes('min-w-0 flex-1 outline-none', home ? 'hidden wide:flex' : 'flex')}
          >
            <Suspense>{pageOf(route)}</Suspense>
          </div>
          <Beside route={route} />
        </div>
      </DialogsProvider>
    </DirectionProvider>
  )
}

/** What is searched, unless something else stands beside the conversation. */
function Beside({ route }: { route: Route }) {
  const search = useSearchText()
  if (search === undefined || hasPanel(route)) return null
  return (
    <Suspense>
      <SearchPanel shown={search} />
    </Suspense>
  )
}

function pageOf(route: Route) {
  if (route.name === 'room') {
    const { roomId, panel, messageId, threadId } = route
    return <RoomPage key={roomId} roomId={roomId} panel={panel} messageId={messageId} threadId={threadId} />
  }
  if (route.name === 'people') return <PeoplePage />
  if (route.name === 'unreads') return <UnreadsPage />
  if (route.name === 'mentions') return <MentionsPage />
  if (route.name === 'threads') return <ThreadsPage />
  if (route.name === 'discover') return <DiscoverPage />
  if (route.name === 'settings') return <SettingsPage />
  if (route.name === 'saved') return <SavedPage />
  if (route.name === 'drafts' || route.name === 'scheduled') return <DraftsPage tab={route.name} />
  return <NoRoom />
}

function focusMain(event: { preventDefault(): void }): void {
  event.preventDefault()
  const main = document.getElementById('main')
  const composer = main?.querySelector<HTMLElement>('textarea')
  ;(composer ?? main)?.focus()
}
