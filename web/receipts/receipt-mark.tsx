import Check from 'lucide-react/icons/check'
import CheckCheck from 'lucide-react/icons/check-check'
import type { MessageView } from '@grandchat/client'
import { pointAt, useConversation, usePopup } from '../messages/pointing.ts'
import { classes } from '../ui/classes.ts'
import { sayReceipt, stateOf } from './receipt-words.ts'
import { useReceipt } from './use-receipt.ts'

type ReceiptMarkProps = { itemKey: string; message: MessageView; tabIndex: number }

/** How far an own message has got, at the end of its last line; opens who has it. The weight tells as much as the colour. */
export function ReceiptMark({ itemKey, message, tabIndex }: ReceiptMarkProps) {
  const conversation = useConversation()
  const isOpen = usePopup(itemKey) === 'seen'
  const receipt = useReceipt(message)
  const state = stateOf(receipt)
  const label = sayReceipt(receipt, message.seq ?? 0)
  const Icon = state === 'stored' ? Check : CheckCheck
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      aria-label={label}
      aria-haspopup="dialog"
      aria-expanded={isOpen}
      data-part="receipt"
      data-state={state}
      data-tip={label}
      data-tip-at="above"
      onClick={() => pointAt(conversation, { popup: { key: itemKey, name: 'seen' } })}
      className={classes(
        'no-tap-zoom transition-colour absolute end-0.5 bottom-0 flex size-6 items-center justify-center rounded-control hover:bg-hover max-wide:before:absolute max-wide:before:-inset-2.5',
        state === 'read' ? 'text-accent-text' : 'text-soft',
      )}
    >
      <Icon size={15} strokeWidth={state === 'read' ? 2.75 : 2} aria-hidden />
    </button>
  )
}
