import { useEffect } from 'react'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import type { Route } from '../router.tsx'
import { countAttention } from './attention.ts'
import { markFavicon } from './favicon.ts'
import { sayUnread } from './unread-badge.tsx'

const titles = (): Partial<Record<Route['name'], string>> => ({
  discover: say('discover.title'),
  unreads: say('unreads.title'),
  threads: say('threads.title'),
  settings: say('settings.title'),
  saved: say('saved.title'),
  drafts: say('drafts.title'),
  scheduled: say('drafts.title'),
})

/** The tab says where one is and how much is unread: "(3) design · GrandChat". */
export function useDocumentTitle(route: Route): void {
  const { rooms } = useObservable(useClient().rooms.list)
  const roomId = route.name === 'room' ? route.roomId : undefined
  const page = titles()[route.name] ?? rooms.find((room) => room.id === roomId)?.title
  const unread = countAttention(rooms)

  useEffect(() => {
    const title = page === undefined ? say('app.name') : say('app.title', { page })
    document.title = unread === 0 ? title : say('app.title.unread', { unread: sayUnread(unread), title })
    return () => {
      document.title = say('app.name')
    }
  }, [page, unread])
  useEffect(() => {
    markFavicon(unread > 0)
    return () => markFavicon(false)
  }, [unread])
}
