import { Popover } from '@base-ui/react/popover'
import { say, sayNumber } from '../locales/words.ts'
import type { PopupProps } from '../messages/message-popup.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { SeenList } from './seen-list.tsx'

/** Who has a message, beside it; on small screens from the bottom. Open when rendered. */
export default function SeenPopover({ about: { message }, anchor, onClose }: PopupProps) {
  if (matchMedia('(max-width: 899.98px)').matches) {
    return (
      <Dialog title={say('receipts.title')} text={sayStored(message.seq)} onClosed={onClose}>
        {() => (
          <div className="max-h-[50dvh] overflow-y-auto">
            <SeenList message={message} />
          </div>
        )}
      </Dialog>
    )
  }
  const row = anchor.current?.closest('article')
  return (
    <Popover.Root open modal onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={row?.querySelector('[data-part=receipt]') ?? row ?? null}
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-(--layer-float) outline-none"
        >
          <Popover.Popup
            finalFocus={false}
            className="floating max-h-[min(24rem,var(--available-height))] w-64 max-w-(--available-width) overflow-y-auto rounded-card bg-raised p-3 shadow-float outline-none"
          >
            <Popover.Title className="font-semibold">{say('receipts.title')}</Popover.Title>
            <Popover.Description className="figures mb-3 text-meta text-soft">
              {sayStored(message.seq)}
            </Popover.Description>
            <SeenList message={message} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function sayStored(seq: number | null): string {
  return say('receipts.stored', { number: sayNumber(seq ?? 0) })
}
