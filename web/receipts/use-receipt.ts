import { useMemo } from 'react'
import { type Receipt, receiptOf } from '@grandchat/client'
import type { MessageView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'

/** How far a message has got with the members of its room; undefined where that is only known when asked. */
export function useReceipt(message: MessageView): Receipt | undefined {
  const { receipts } = useClient()
  const members = useObservable(useMemo(() => receipts.members(message.room_id), [receipts, message.room_id]))
  return useMemo(() => members && receiptOf(message, members), [members, message])
}
