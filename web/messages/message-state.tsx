import Clock from 'lucide-react/icons/clock'
import { say } from '../locales/words.ts'
import { ReceiptMark } from '../receipts/receipt-mark.tsx'
import type { Item } from './items.ts'
import { isRemoved } from './items.ts'
import { useConversation, useIsActive } from './pointing.ts'

/**
 * How far an own message has got, in a place of its own at the end. The last one says it always, others while they are
 * worked with; in threads nobody counts, so there it is only that one is on its way.
 */
export function MessageState({
  item: { key, message, pending, isLastOwn },
  isFocused,
}: {
  item: Item
  isFocused: boolean
}) {
  const { threadId } = useConversation()
  const isActive = useIsActive(key)
  if (pending) return <Waiting state={pending.state} />
  const isCounted = message && message.seq !== null && message.thread_id === 0 && threadId === undefined
  if (!isCounted || isRemoved(message) || !(isLastOwn || isActive)) return null
  return <ReceiptMark itemKey={key} message={message} tabIndex={isFocused ? 0 : -1} />
}

function Waiting({ state }: { state: 'sending' | 'waiting' | 'failed' }) {
  if (state === 'failed') return null
  const label = say(state === 'sending' ? 'messages.sending' : 'messages.waiting')
  return (
    <span title={label} className="absolute end-0.5 bottom-0 flex size-6 items-center justify-center text-soft">
      <Clock size={13} aria-hidden />
      <span className="sr-only">{label}</span>
    </span>
  )
}
