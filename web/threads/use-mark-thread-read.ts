import { useEffect } from 'react'
import { useClient } from '../client-context.tsx'
import { useLooking } from '../messages/use-mark-read.ts'
import { useThreadState } from './use-thread-state.ts'

/** Whatever stands at the end of a thread counts as read once somebody looks at it there. */
export function useMarkThreadRead(roomId: number, threadId: number, seq: number, atEnd: boolean): void {
  const { threads } = useClient()
  const { unread } = useThreadState(roomId, threadId)
  const looking = useLooking()
  useEffect(() => {
    if (looking && atEnd && unread > 0) threads.markRead(roomId, threadId, seq)
  }, [threads, roomId, threadId, seq, unread, looking, atEnd])
}
