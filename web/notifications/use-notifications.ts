import { useEffect } from 'react'
import { useClient, useMe } from '../client-context.tsx'
import { showing } from './choices.ts'

/** Tells of news while the app is open, once that was chosen; until then none of its code is fetched. */
export function useNotifications(): void {
  const client = useClient()
  const me = useMe()
  const isOn = showing.use() === 'on'
  useEffect(() => {
    if (!isOn) return undefined
    let isOver = false
    let stop: (() => void) | undefined
    import('./watch.ts').then(
      ({ watchForNews }) => {
        if (!isOver) stop = watchForNews(client, me)
      },
      () => undefined,
    )
    return () => {
      isOver = true
      stop?.()
    }
  }, [client, me, isOn])
}
