import { useCallback, useEffect, useState } from 'react'
import { parseQuery, type SearchProblem } from '@grandchat/contracts/search/query'
import type { FoundMessage, MessageSearchAnswer } from '@grandchat/contracts/search/schema'
import { useClient, useObservable } from '../client-context.tsx'
import { problemOf } from '../locales/words.ts'

const pauseMs = 150

/** `local`: what this device knows, because the server cannot be asked. */
export type SearchStatus = 'idle' | 'loading' | 'ready' | 'local'

export type MessageSearch = {
  status: SearchStatus
  /** While the server is asked, what this device knows. */
  results: readonly FoundMessage[]
  more: boolean
  isLoadingMore: boolean
  corrected: string | undefined
  suggestion: MessageSearchAnswer['suggestion']
  isPartial: boolean
  /** Why the server could not be asked, in words; none while the device is offline. */
  failure: string | undefined
  /** Why this is no search yet. */
  problem: SearchProblem | undefined
  loadMore: () => void
  again: () => void
}

type State = Omit<MessageSearch, 'loadMore' | 'again' | 'problem'>

const idle: State = {
  status: 'idle',
  results: [],
  more: false,
  isLoadingMore: false,
  corrected: undefined,
  suggestion: undefined,
  isPartial: false,
  failure: undefined,
}

/** Searches a moment after the last key: this device at once, then the server; an answer to an earlier text is dropped. */
export function useMessageSearch(text: string): MessageSearch {
  const client = useClient()
  const isOffline = useObservable(client.connection) === 'offline'
  const [state, setState] = useState(idle)
  const [attempt, setAttempt] = useState(0)
  const q = text.trim()
  const parsed = parseQuery(q)
  const problem = 'problem' in parsed ? parsed.problem : undefined
  const isSearch = problem === undefined

  useEffect(() => {
    if (!isSearch) {
      // oxlint-disable-next-line react/set-state-in-effect -- what was found belongs to another text
      setState(idle)
      return undefined
    }
    const abort = new AbortController()
    const timer = setTimeout(() => void search(client, q, isOffline, abort.signal, setState), pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- another attempt is the same search again
  }, [client, q, isSearch, isOffline, attempt])

  const { results, corrected } = state
  const loadMore = useCallback(async () => {
    const before = results.at(-1)?.message.id
    setState((last) => ({ ...last, isLoadingMore: true }))
    try {
      const page = await client.search.messages(corrected ?? q, { before })
      setState((last) =>
        last.results === results
          ? { ...last, isLoadingMore: false, results: [...results, ...page.results], more: page.more }
          : last,
      )
    } catch (error) {
      setState((last) => ({ ...last, isLoadingMore: false, failure: problemOf(error).text }))
    }
  }, [client, results, corrected, q])

  return { ...state, problem, loadMore: () => void loadMore(), again: () => setAttempt((n) => n + 1) }
}

type Client = ReturnType<typeof useClient>
type Change = (change: (last: State) => State) => void

async function search(client: Client, q: string, isOffline: boolean, signal: AbortSignal, setState: Change) {
  const set = (change: Partial<State>) => {
    if (!signal.aborted) setState((last) => ({ ...last, ...change }))
  }
  const local = client.search.local(q).catch(() => [])
  if (isOffline) return set({ ...idle, status: 'local', results: await local })
  let hasAnswer = false
  set({ status: 'loading', failure: undefined, isLoadingMore: false })
  void local.then((results) => {
    if (!hasAnswer) set({ results, more: false, corrected: undefined, suggestion: undefined, isPartial: false })
  })
  try {
    const { results, more, corrected, suggestion, partial = false } = await client.search.messages(q, { signal })
    hasAnswer = true
    set({ ...idle, status: 'ready', results, more, corrected, suggestion, isPartial: partial })
  } catch (error) {
    hasAnswer = true
    set({ ...idle, status: 'local', results: await local, failure: problemOf(error).text })
  }
}
