import { useEffect } from 'react'
import { useClient } from '../client-context.tsx'

/**
 * For where one writes: to be told the text after every change, and that it is empty once it is sent. Who writes in a
 * thread does not write in the room.
 */
export function useTyping(roomId: number, threadId?: number): (text: string) => void {
  const { typing } = useClient()
  const isQuiet = threadId !== undefined
  useEffect(() => (isQuiet ? undefined : () => typing.write(roomId, false)), [typing, roomId, isQuiet])
  return (text) => !isQuiet && typing.write(roomId, text.trim() !== '')
}
