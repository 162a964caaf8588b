import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { navigate, onRevisit, paths } from '../router.tsx'
import { findThreadOf } from '../threads/find-thread-of.ts'
import { createCell } from '../ui/cell.ts'
import type { Cell } from '../ui/cell.ts'
import { toast } from '../ui/toast.tsx'
import type { ConversationHandle } from './conversation.tsx'

type Target = {
  /** The message at the room's address is being looked for: nothing else is shown meanwhile. */
  isSeeking: boolean
  /** Taken by the list once it is there. */
  wanted: Cell<number | undefined>
}

/** The message that a room's address names. One that is gone says so, and the room shows its newest. */
export function useTarget(
  roomId: number,
  messageId: number | undefined,
  handle: RefObject<ConversationHandle | null>,
): Target {
  const { messages } = useClient()
  const [wanted] = useState(() => createCell(messageId))
  const [isSeeking, setIsSeeking] = useState(messageId !== undefined)

  useEffect(() => {
    if (messageId === undefined) return undefined
    if (handle.current) {
      handle.current.jumpTo(messageId)
      return undefined
    }
    let isWanted = true
    wanted.set(messageId)
    const show = (outcome: 'shown' | 'gone' | 'failed', threadId: number | undefined) => {
      if (!isWanted) return
      if (threadId !== undefined) {
        wanted.set(undefined)
        navigate(paths.thread(roomId, threadId), { replace: true })
      } else if (outcome !== 'shown') {
        wanted.set(undefined)
        toast(say(outcome === 'gone' ? 'messages.gone' : 'messages.jump.failed'))
        navigate(paths.room(roomId), { replace: true })
      }
      setIsSeeking(false)
    }
    void messages.openAt(roomId, messageId).then(async (outcome) => {
      show(outcome, outcome === 'gone' ? await findThreadOf(messages, roomId, messageId) : undefined)
    })
    return () => {
      isWanted = false
    }
  }, [messages, roomId, messageId, handle, wanted])

  useEffect(() => {
    if (messageId === undefined) return undefined
    return onRevisit(() => handle.current?.jumpTo(messageId))
  }, [messageId, handle])

  return { isSeeking, wanted }
}
