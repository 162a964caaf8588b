import { Fragment, lazy, Suspense, useEffect, useState } from 'react'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { Client } from '@grandchat/client'
import { ClientProvider, useClient, useObservable } from './client-context.tsx'
import { useLanguage } from './locales/use-language.ts'
import { say } from './locales/words.ts'
import { loadMarkdown } from './markdown/load.ts'
import { deleteNow, forgetDeletes } from './messages/deleting.ts'
import { forgetEdits } from './messages/editing.ts'
import { forgetPlaces } from './messages/places.ts'
import { forgetReplies } from './messages/replies.ts'
import { useRoute } from './router.tsx'
import { forgetRecentRooms } from './search/recent-rooms.ts'
import { forgetSearches } from './search/recent-searches.ts'
import { Unreachable } from './sessions/unreachable.tsx'
import { Button } from './ui/button.tsx'
import { Empty } from './ui/empty.tsx'
import { ErrorBoundary } from './ui/error-boundary.tsx'
import { Logo } from './ui/logo.tsx'
import { followSettings } from './ui/setting.ts'
import { followTheme } from './ui/theme.ts'
import { Toasts } from './ui/toast.tsx'

/** Most who come are signed in: the app is on its way while the server says who is here. */
const loadShell = () => import('./shell.tsx')
const early = loadShell().catch(() => undefined)
void loadMarkdown()
const Shell = lazy(async () => (await early) ?? loadShell())
const SignIn = lazy(() => import('./sessions/sign-in.tsx'))
const SetUp = lazy(() => import('./sessions/set-up.tsx'))
const AcceptInvite = lazy(() => import('./invites/accept-invite.tsx'))
const SignedInAlready = lazy(() => import('./invites/signed-in-already.tsx'))

export function App({ client }: { client: Client }) {
  useEffect(followTheme, [])
  useEffect(followSettings, [])
  useEffect(deleteBeforeLeaving, [])
  const language = useLanguage()
  return (
    <ErrorBoundary renderFallback={(tryAgain) => <Broken onTryAgain={tryAgain} />}>
      <ClientProvider value={client}>
        {/* Another language is another screen: nothing said in the last one stays. */}
        <Fragment key={language}>
          <Suspense fallback={<Opening />}>
            <Screen />
          </Suspense>
          <Toasts />
        </Fragment>
      </ClientProvider>
    </ErrorBoundary>
  )
}

function Screen() {
  const session = useObservable(useClient().session)
  const route = useRoute()
  const userId = session.status === 'signed_in' ? session.me.id : undefined
  const [lastId, setLastId] = useState(userId)
  const isOther = lastId !== undefined && lastId !== userId
  useEffect(() => {
    if (isOther) forgetPerson()
    // oxlint-disable-next-line react/set-state-in-effect -- drawn empty once: only then has the last one left
    setLastId(userId)
  }, [isOther, userId])
  // What one person had on screen is put away before the next one's is drawn.
  if (isOther) return <Opening />
  switch (session.status) {
    case 'loading':
      return <Opening />
    case 'unreachable':
      return <Unreachable />
    case 'set_up':
      return <SetUp codeRequired={session.codeRequired} />
    case 'signed_out':
      return route.name === 'invite' ? <AcceptInvite code={route.code} /> : <SignIn />
    case 'signed_in':
  }
  return route.name === 'invite' ? <SignedInAlready me={session.me} /> : <Shell route={route} />
}

/** Nobody can undo what was deleted once the page is gone. */
function deleteBeforeLeaving(): () => void {
  addEventListener('pagehide', deleteNow)
  return () => removeEventListener('pagehide', deleteNow)
}

/** Whoever signs in next must not find what the last person began. */
function forgetPerson(): void {
  forgetDeletes()
  forgetEdits()
  forgetPlaces()
  forgetReplies()
  forgetSearches()
  forgetRecentRooms()
}

function Opening() {
  return (
    <main
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- this is the page, for a moment
      role="status"
      aria-label={say('session.loading')}
      className="flex min-h-dvh items-center justify-center bg-side"
    >
      <div className="appears-late">
        <Logo size={40} />
      </div>
    </main>
  )
}

function Broken({ onTryAgain }: { onTryAgain: () => void }) {
  return (
    <main className="flex min-h-dvh bg-side">
      <Empty
        alone
        icon={<TriangleAlert size={32} strokeWidth={1.5} />}
        title={say('app.broken.title')}
        text={say('app.broken.text')}
      >
        <Button look="primary" onClick={onTryAgain}>
          {say('app.try_again')}
        </Button>
      </Empty>
    </main>
  )
}
