import { Popover } from '@base-ui/react/popover'
import { say } from '../locales/words.ts'
import type { PopupProps } from '../messages/message-popup.tsx'
import { QuickRow } from './quick-row.tsx'

/** Beside the message: the reactions that are used most. Open when rendered. */
export default function ReactionsPopover({ about, anchor, onReact, onMore, onClose }: PopupProps) {
  return (
    <Popover.Root open modal onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={anchor}
          side="top"
          align="end"
          sideOffset={8}
          collisionPadding={8}
          className="z-(--layer-float) outline-none"
        >
          <Popover.Popup
            finalFocus={false}
            aria-label={say('reactions.choose')}
            className="floating max-w-(--available-width) rounded-card bg-raised p-1 shadow-float outline-none"
          >
            <QuickRow message={about.message} onPick={onReact} onMore={onMore} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}
