import { useEffect } from 'react'
import { useClient } from '../client-context.tsx'

/** For where one writes: to be told the text after every change, and that it is empty once it is sent. */
export function useTyping(roomId: number, threadId?: number): (text: string) => void {
  const { typing } = useClient()
  useEffect(() => () => typing.write(roomId, false, threadId), [typing, roomId, threadId])
  return (text) => typing.write(roomId, text.trim() !== '', threadId)
}
