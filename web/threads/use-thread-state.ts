import { useMemo } from 'react'
import type { ThreadState } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'

export function useThreadState(roomId: number, threadId: number): ThreadState {
  const { threads } = useClient()
  return useObservable(useMemo(() => threads.get(roomId, threadId), [threads, roomId, threadId]))
}
