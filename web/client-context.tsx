import { createContext, useCallback, useContext, useMemo, useSyncExternalStore } from 'react'
import type { Client, Observable, RoomView, Timeline } from '@grandchat/client'
import type { Me } from '@grandchat/contracts/sessions/schema'

const ClientContext = createContext<Client | null>(null)
export const ClientProvider = ClientContext.Provider

export function useClient(): Client {
  const client = useContext(ClientContext)
  if (!client) throw new Error('There is no client above this component')
  return client
}

export function useObservable<T>(observable: Observable<T>): T {
  const subscribe = useCallback((listener: () => void) => observable.subscribe(listener), [observable])
  return useSyncExternalStore(subscribe, () => observable.get())
}

/** Whoever is signed in; only used below the screens that need a session. */
export function useMe(): Me {
  const session = useObservable(useClient().session)
  if (session.status !== 'signed_in') throw new Error('Nobody is signed in')
  return session.me
}

export function useRoom(roomId: number): RoomView | undefined {
  const client = useClient()
  return useObservable(useMemo(() => client.rooms.get(roomId), [client, roomId]))
}

export function useTimeline(roomId: number): Timeline {
  const client = useClient()
  return useObservable(useMemo(() => client.messages.timeline(roomId), [client, roomId]))
}
