import { useEffect, useState } from 'react'
import type { MemberList } from '@grandchat/client'
import { useClient } from '../client-context.tsx'

const pauseMs = 150

/**
 * Members by name, from the server, for a room of which only the beginning is known here; undefined while nothing is looked
 * for. Those of the last answer stay on screen while the next is on its way.
 */
export function useMemberSearch(roomId: number, query: string, isNeeded: boolean): MemberList | undefined {
  const { members } = useClient()
  const [found, setFound] = useState<MemberList>({ status: 'loading', members: [] })
  const wanted = query.trim()
  const isOn = isNeeded && wanted !== ''

  useEffect(() => {
    if (!isOn) return undefined
    const abort = new AbortController()
    const timer = setTimeout(() => {
      members.search(roomId, wanted, abort.signal).then(
        (rows) => !abort.signal.aborted && setFound({ status: 'ready', members: rows }),
        () => !abort.signal.aborted && setFound({ status: 'error', members: [] }),
      )
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [members, roomId, wanted, isOn])

  return isOn ? found : undefined
}
