import { useMemo } from 'react'
import type { MessageView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { isRemoved } from './items.ts'

/** One message, wherever it is; kept current while it is shown. */
export function useMessage(roomId: number, messageId: number): MessageView | 'loading' | 'gone' {
  const { messages } = useClient()
  const message = useObservable(useMemo(() => messages.get(roomId, messageId), [messages, roomId, messageId]))
  return typeof message === 'object' && isRemoved(message) ? 'gone' : message
}
