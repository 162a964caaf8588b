import { useCallback, useEffect, useState } from 'react'
import type { DiscoveredRoom } from '@grandchat/contracts/rooms/schema'
import { useClient } from '../client-context.tsx'
import { problemOf } from '../locales/words.ts'

const pauseMs = 150

export type RoomSearch = {
  status: 'loading' | 'ready' | 'error'
  /** Those of the last answer: they stay on screen while the next search is on its way. */
  rooms: readonly DiscoveredRoom[]
  problem: string | undefined
  again: () => void
}

type State = Omit<RoomSearch, 'again'>

/** Searches a moment after the last key; an answer that is no longer wanted is dropped. */
export function useRoomSearch(query: string, archived: boolean): RoomSearch {
  const { rooms } = useClient()
  const [state, setState] = useState<State>({ status: 'loading', rooms: [], problem: undefined })
  const wanted = query.trim()

  const search = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const found = await rooms.search(wanted, { archived, signal })
        if (!signal?.aborted) setState({ status: 'ready', rooms: found, problem: undefined })
      } catch (error) {
        if (!signal?.aborted) setState({ status: 'error', rooms: [], problem: problemOf(error).text })
      }
    },
    [rooms, wanted, archived],
  )

  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(() => void search(abort.signal), wanted === '' ? 0 : pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [search, wanted])

  const again = () => {
    setState({ status: 'loading', rooms: [], problem: undefined })
    void search()
  }
  return { ...state, again }
}
