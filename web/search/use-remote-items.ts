import { useEffect, useState } from 'react'
import type { DiscoveredRoom } from '@grandchat/contracts/rooms/schema'
import { parseQuery } from '@grandchat/contracts/search/query'
import type { FoundMessage } from '@grandchat/contracts/search/schema'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient } from '../client-context.tsx'

const pauseMs = 150
const messagesMost = 5

export type RemoteItems = {
  /** What they were found for: rows that no longer fit are left out until the next answer. */
  typed: string
  rooms: readonly DiscoveredRoom[]
  people: readonly User[]
  messages: readonly FoundMessage[]
}

const none: RemoteItems = { typed: '', rooms: [], people: [], messages: [] }

/** What only the server knows. Each part comes when it is there; one that cannot be had is left out. */
export function useRemoteItems(text: string): RemoteItems {
  const client = useClient()
  const [items, setItems] = useState(none)
  const typed = text.trim()
  useEffect(() => {
    const abort = new AbortController()
    const { signal } = abort
    const take = (part: Partial<RemoteItems>) =>
      signal.aborted || setItems((last) => ({ ...(last.typed === typed ? last : none), ...part, typed }))
    const timer = setTimeout(() => {
      if (typed === '') return
      const ignore = () => undefined
      void client.rooms.search(typed, { signal }).then((rooms) => take({ rooms }), ignore)
      void client.users.search(typed, signal).then((people) => take({ people }), ignore)
      if ('problem' in parseQuery(typed)) return
      void client.search
        .messages(typed, { signal })
        .then(
          ({ results, corrected }) => take({ messages: corrected === undefined ? results.slice(0, messagesMost) : [] }),
          ignore,
        )
    }, pauseMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [client, typed])
  return typed === '' ? none : items
}
