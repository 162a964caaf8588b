import { say } from '../locales/words.ts'
import { QuickRow } from '../reactions/quick-row.tsx'
import { classes } from '../ui/classes.ts'
import { Dialog } from '../ui/dialog.tsx'
import { actionsOf } from './message-actions.tsx'
import type { MessageAction } from './message-actions.tsx'
import type { PopupProps } from './message-popup.tsx'

/** The same on small screens, from the bottom. */
export default function MessageSheet({ about, onAct, onReact, onMore, onClose }: PopupProps) {
  const shown = actionsOf(about)
  const canReact = shown.some(({ name }) => name === 'react')
  return (
    <Dialog title={say('messages.actions')} onClosed={onClose}>
      {() => (
        <>
          {canReact && <QuickRow message={about.message} onPick={onReact} onMore={onMore} />}
          <ul className="-mx-2 mt-3">
            {shown
              .filter(({ name }) => name !== 'react')
              .map((action) => (
                <li key={action.name}>
                  <SheetItem action={action} onClick={() => onAct(action)} />
                </li>
              ))}
          </ul>
        </>
      )}
    </Dialog>
  )
}

function SheetItem({ action: { label, icon, isDanger }, onClick }: { action: MessageAction; onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className={classes(
        'no-tap-zoom flex min-h-11 w-full items-center gap-3 rounded-control px-2 text-start hover:bg-hover active:bg-chosen',
        isDanger && 'text-danger-text',
      )}
    >
      <span aria-hidden className={classes('flex size-5 items-center justify-center', !isDanger && 'text-soft')}>
        {icon}
      </span>
      {label()}
    </button>
  )
}
