import { useEffect } from 'react'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import type { Route } from '../router.tsx'
import { sayUnread } from './unread-badge.tsx'

/** The tab says where one is and how much is unread: "(3) design · GrandChat". */
export function useDocumentTitle(route: Route): void {
  const { rooms } = useObservable(useClient().rooms.list)
  const roomId = route.name === 'room' ? route.roomId : undefined
  const page = titleOf(route) ?? rooms.find((room) => room.id === roomId)?.title
  const unread = rooms.reduce((sum, room) => sum + (room.muted ? 0 : room.unread), 0)

  useEffect(() => {
    const title = page === undefined ? say('app.name') : say('app.title', { page })
    document.title = unread === 0 ? title : say('app.title.unread', { unread: sayUnread(unread), title })
    return () => {
      document.title = say('app.name')
    }
  }, [page, unread])
}

function titleOf({ name }: Route): string | undefined {
  if (name === 'discover') return say('discover.title')
  return name === 'settings' ? say('settings.title') : undefined
}
