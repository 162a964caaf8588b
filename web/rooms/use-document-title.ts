import { useEffect } from 'react'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import type { Route } from '../router.tsx'
import { useShownRooms } from './closing.ts'
import { countAttention, hasNews } from './attention.ts'
import { markFavicon } from './favicon.ts'
import { sayUnread } from './unread-badge.tsx'

const titles = (): Partial<Record<Route['name'], string>> => ({
  discover: say('discover.title'),
  people: say('people.title'),
  unreads: say('unreads.title'),
  mentions: say('mentions.title'),
  threads: say('threads.title'),
  settings: say('settings.title'),
  saved: say('saved.title'),
  drafts: say('drafts.title'),
  scheduled: say('drafts.title'),
})

/** The tab says where one is and how often one was called: "(3) design · GrandChat". */
export function useDocumentTitle(route: Route): void {
  const { rooms } = useObservable(useClient().rooms.list)
  const roomId = route.name === 'room' ? route.roomId : undefined
  const page = titles()[route.name] ?? rooms.find((room) => room.id === roomId)?.title
  const shown = useShownRooms()
  const calls = countAttention(shown)
  const isNews = hasNews(shown)

  useEffect(() => {
    const title = page === undefined ? say('app.name') : say('app.title', { page })
    document.title = calls === 0 ? title : say('app.title.unread', { unread: sayUnread(calls), title })
    return () => {
      document.title = say('app.name')
    }
  }, [page, calls])
  useEffect(() => {
    markFavicon({ calls, hasNews: isNews })
    return () => markFavicon({ calls: 0, hasNews: false })
  }, [calls, isNews])
}
