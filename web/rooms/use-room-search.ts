import { useEffect, useState } from 'react'
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
export function useRoomSearch(query: string): RoomSearch {
  const { rooms } = useClient()
  const [state, setState] = useState<State>({ status: 'loading', rooms: [], problem: undefined })
  const [attempt, setAttempt] = useState(0)
  const wanted = query.trim()

  useEffect(() => {
    const abort = new AbortController()
    const search = async () => {
      try {
        const found = await rooms.search(wanted, abort.signal)
        if (!abort.signal.aborted) setState({ status: 'ready', rooms: found, problem: undefined })
      } catch (error) {
        if (!abort.signal.aborted) setState({ status: 'error', rooms: [], problem: problemOf(error).text })
      }
    }
    const timer = setTimeout(() => void search(), wanted === '' ? 0 : pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [rooms, wanted, attempt])

  const again = () => {
    setState({ status: 'loading', rooms: [], problem: undefined })
    setAttempt(attempt + 1)
  }
  return { ...state, again }
}
