import { useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Dialog as Base } from '@base-ui/react/dialog'
import X from 'lucide-react/icons/x'
import { say } from '../locales/words.ts'
import { IconButton } from './button.tsx'
import { classes } from './classes.ts'

type DialogProps = {
  title: string
  text?: ReactNode
  isWide?: boolean
  /** Called after it has gone from the screen. */
  onClosed: () => void
  children: (close: () => void) => ReactNode
}

/** A dialog that is open as soon as it is rendered; on small screens it rises from the bottom. */
export function Dialog({ title, text, isWide = false, onClosed, children }: DialogProps) {
  const [open, setOpen] = useState(true)
  const popup = useRef<HTMLDivElement>(null)
  const close = () => setOpen(false)
  // Without a field the dialog itself, which is read out, and not the button that closes it, which would show its hint.
  const firstField = () => popup.current?.querySelector<HTMLElement>('input:not([type=radio])') ?? popup.current ?? true
  return (
    <Base.Root open={open} onOpenChange={setOpen} onOpenChangeComplete={(isOpen) => !isOpen && onClosed()}>
      <Base.Portal>
        <Base.Backdrop className="scrim fixed inset-0 z-(--layer-dialog)" />
        <Base.Viewport className="fixed inset-0 z-(--layer-dialog) flex items-start justify-center overflow-y-auto p-4 pt-[12dvh] max-wide:items-end max-wide:p-0">
          <Base.Popup
            ref={popup}
            initialFocus={firstField}
            className={classes(
              'floating w-full rounded-card bg-raised p-6 shadow-dialog outline-none max-wide:max-w-none max-wide:rounded-b-none max-wide:pb-[calc(1.5rem+var(--safe-bottom))]',
              isWide ? 'max-w-[52rem]' : 'max-w-[27rem]',
            )}
          >
            <div className="flex items-start justify-between gap-4">
              <Base.Title className="text-title font-semibold wrap-anywhere">{title}</Base.Title>
              <Base.Close
                render={
                  <IconButton label={say('app.close')} className="-me-2 -mt-0.5 max-wide:-mt-2">
                    <X size={18} aria-hidden />
                  </IconButton>
                }
              />
            </div>
            {text !== undefined && <Base.Description className="mt-1.5 text-pretty text-soft">{text}</Base.Description>}
            <div className="mt-5">{children(close)}</div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}

/** The row of buttons that ends a dialog. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className="mt-2 flex flex-wrap justify-end gap-2">{children}</div>
}
