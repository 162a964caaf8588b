import { useEffect, useState } from 'react'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient } from '../client-context.tsx'
import { problemOf } from '../locales/words.ts'

const pauseMs = 150

export type PeopleSearch = { status: 'loading' | 'ready' | 'error'; people: readonly User[]; problem?: string }

/** People by name, a moment after the last key. Those of the last answer stay on screen while the next is on its way. */
export function usePeopleSearch(query: string): PeopleSearch {
  const { users } = useClient()
  const [found, setFound] = useState<PeopleSearch>({ status: 'loading', people: [] })
  const wanted = query.trim()

  useEffect(() => {
    const abort = new AbortController()
    const show = (next: PeopleSearch) => !abort.signal.aborted && setFound(next)
    const timer = setTimeout(
      () => {
        users.search(wanted, abort.signal).then(
          (people) => show({ status: 'ready', people }),
          (error: unknown) => show({ status: 'error', people: [], problem: problemOf(error).text }),
        )
      },
      wanted === '' ? 0 : pauseMs,
    )
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [users, wanted])

  return found
}
