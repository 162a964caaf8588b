import { useRef, useState, useSyncExternalStore } from 'react'
import { Dialog } from '@base-ui/react/dialog'
import { Popover } from '@base-ui/react/popover'
import { say } from '../locales/words.ts'
import { EmojiPanel } from './emoji-panel.tsx'

export type EmojiPickerProps = {
  onPick: (emoji: string) => void
  onClose: () => void
  /** What the picker stands beside; else whatever had the focus when it opened. */
  anchor?: Element | null
}

const narrow = '(max-width: 899.98px)'

/** Every emoji, to choose one from: beside what opened it, or from the bottom of a small screen. Open when rendered. */
export default function EmojiPicker({ onPick, onClose, anchor }: EmojiPickerProps) {
  const [beside] = useState(() => anchor ?? document.activeElement)
  const isSheet = useSyncExternalStore(onResize, () => matchMedia(narrow).matches)
  const columns = useSyncExternalStore(onResize, () => (isSheet ? columnsOfSheet() : 9))
  const onOpenChange = (isOpen: boolean) => {
    if (!isOpen) onClose()
  }
  const popup = useRef<HTMLDivElement>(null)
  /** Back to where it came from, unless picking has led the focus elsewhere. */
  const finalFocus = () => {
    const now = document.activeElement
    const isElsewhere = now !== null && now !== document.body && !popup.current?.contains(now)
    if (isElsewhere) return false
    return beside instanceof HTMLElement && beside !== document.body ? beside : true
  }
  const panel = <EmojiPanel onPick={onPick} columns={columns} isSheet={isSheet} />
  if (isSheet) {
    return (
      <Dialog.Root open onOpenChange={onOpenChange}>
        <Dialog.Portal>
          <Dialog.Backdrop className="scrim fixed inset-0 z-(--layer-dialog)" />
          <Dialog.Popup
            ref={popup}
            finalFocus={finalFocus}
            // The keyboard of a phone would cover half of the emoji.
            initialFocus={(type) => type !== 'touch'}
            aria-label={say('emoji.picker')}
            className="floating fixed inset-x-0 bottom-0 z-(--layer-dialog) rounded-t-card bg-raised pb-(--safe-bottom) shadow-dialog outline-none"
          >
            {panel}
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    )
  }
  return (
    <Popover.Root open onOpenChange={onOpenChange}>
      <Popover.Portal>
        <Popover.Positioner
          anchor={beside}
          side="top"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-(--layer-float) outline-none"
        >
          <Popover.Popup
            ref={popup}
            finalFocus={finalFocus}
            aria-label={say('emoji.picker')}
            className="floating rounded-card bg-raised shadow-float outline-none"
          >
            {panel}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

function onResize(listener: () => void): () => void {
  addEventListener('resize', listener)
  return () => removeEventListener('resize', listener)
}

/** As many cells of 44 pixels as the screen has room for. */
function columnsOfSheet(): number {
  return Math.max(5, Math.min(16, Math.floor((innerWidth - 16) / 44)))
}
