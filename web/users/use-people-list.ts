import { useCallback, useEffect, useRef, useState } from 'react'
import type { User } from '@grandchat/contracts/users/schema'
import { limits } from '@grandchat/contracts/limits'
import { useClient } from '../client-context.tsx'
import { problemOf } from '../locales/words.ts'

const pauseMs = 150

export type PeopleList = {
  status: 'loading' | 'ready' | 'error'
  problem: string
  /** All whom the search finds; undefined where a page has not come yet. */
  people: readonly (User | undefined)[]
  /** This row is on screen. */
  want: (index: number) => void
  again: () => void
}

type Found = Pick<PeopleList, 'status' | 'problem' | 'people'> & { query: string }

const nothing: Found = { status: 'loading', problem: '', people: [], query: '' }

/**
 * Everybody, by name, of whom only those near the screen are fetched, a page at a time. Those of the last search stay on
 * screen until the next has come.
 */
export function usePeopleList(typed: string): PeopleList {
  const { users } = useClient()
  const query = typed.trim()
  const [found, setFound] = useState(nothing)
  const search = useRef({ abort: new AbortController(), asked: new Set<number>() })

  const load = useCallback(
    async (page: number): Promise<void> => {
      const { abort, asked } = search.current
      if (asked.has(page)) return
      asked.add(page)
      const isOver = () => abort.signal.aborted
      try {
        const answer = await users.list(query, page, abort.signal)
        if (!isOver())
          setFound((before) => withPage(before.query === query && page > 1 ? before : nothing, query, page, answer))
      } catch (error) {
        asked.delete(page)
        if (isOver()) return
        // A page further down is asked for again when one comes by; without the first there is nothing to show.
        if (page === 1) setFound({ ...nothing, status: 'error', problem: problemOf(error).text, query })
      }
    },
    [users, query],
  )
  useEffect(() => {
    const abort = new AbortController()
    const begin = () => {
      search.current = { abort, asked: new Set() }
      void load(1)
    }
    const timer = setTimeout(begin, query === '' ? 0 : pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [load, query])

  const want = useCallback((index: number) => void load(Math.floor(index / limits.page) + 1), [load])
  const again = () => {
    setFound(nothing)
    void load(1)
  }
  const isCurrent = found.query === query
  return { ...found, want: isCurrent ? want : ignore, again }
}

function ignore(): void {}

function withPage(
  before: Found,
  query: string,
  page: number,
  { count, users }: { count: number; users: readonly User[] },
): Found {
  const start = (page - 1) * limits.page
  // Somebody may have come or gone since the page before: the newest answer knows how many there are.
  const people = Array.from(
    { length: Math.max(count, start + users.length) },
    (_, i) => users[i - start] ?? before.people[i],
  )
  return { status: 'ready', problem: '', query, people }
}
