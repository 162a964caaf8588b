import { useMemo } from 'react'
import { type Receipt, receiptOf } from '@grandchat/client'
import type { MessageView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { useIsPrivate } from './use-is-private.ts'

/** How far a message has got with the members of its room; undefined where that is only known when asked. */
export function useReceipt(message: MessageView): Receipt | undefined {
  const { receipts } = useClient()
  const members = useObservable(useMemo(() => receipts.members(message.room_id), [receipts, message.room_id]))
  const isPrivate = useIsPrivate()
  return useMemo(() => {
    const receipt = members && receiptOf(message, members)
    return receipt && isPrivate ? withoutReading(receipt) : receipt
  }, [members, message, isPrivate])
}

function withoutReading({ seen, delivered, ...receipt }: Receipt): Receipt {
  return { ...receipt, seen: [], delivered: [...seen, ...delivered] }
}
