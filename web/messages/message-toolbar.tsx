import { useRef } from 'react'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { say } from '../locales/words.ts'
import { ariaKeys } from '../shortcuts/say-keys.ts'
import { actionsOf } from './message-actions.tsx'
import type { About } from './message-actions.tsx'
import { MessagePopup } from './message-popup.tsx'
import { pointAt, useIsActive, usePopup } from './pointing.ts'
import { useAbout } from './use-about.ts'

const shown = new Set(['react', 'reply', 'thread'])

const buttonClasses =
  'no-tap-zoom transition-colour inline-flex size-8 items-center justify-center rounded-control text-soft hover:bg-hover hover:text-text aria-expanded:bg-chosen aria-expanded:text-text max-wide:size-11'

type MessageToolbarProps = { itemKey: string; message: About['message'] }

/** What can be done with a message, over its corner while it is worked with. */
export function MessageToolbar({ itemKey, message }: MessageToolbarProps) {
  const isActive = useIsActive(itemKey)
  const popup = usePopup(itemKey)
  const about = useAbout(itemKey, message)
  const menuButton = useRef<HTMLButtonElement>(null)
  const openMenu = () => pointAt(about.conversation, { popup: { key: itemKey, name: 'menu' } })
  if (!isActive) {
    return (
      // Where there is neither pointer nor keyboard, as with a screen reader on a phone, this is the way in.
      <button type="button" tabIndex={-1} aria-haspopup="menu" onClick={openMenu} className="sr-only">
        {say('messages.actions')}
      </button>
    )
  }
  return (
    <div
      role="toolbar"
      aria-label={say('messages.actions')}
      // Beside the mark at the end of a line, which one must be able to press while pointing at its message.
      className="absolute end-8 -top-4 z-(--layer-sticky) flex gap-0.5 rounded-card bg-raised p-0.5 shadow-float max-wide:-top-10"
    >
      {actionsOf(about)
        .filter(({ name }) => shown.has(name))
        .map(({ name, label, icon, shortcut, run }) => (
          <button
            key={name}
            type="button"
            aria-label={label()}
            aria-keyshortcuts={shortcut && ariaKeys(shortcut)}
            aria-expanded={name === 'react' ? popup === 'reactions' || popup === 'emoji' : undefined}
            data-tip={label()}
            data-tip-at="above"
            onClick={() => run(about)}
            className={buttonClasses}
          >
            {icon}
          </button>
        ))}
      <button
        ref={menuButton}
        type="button"
        aria-label={say('messages.menu')}
        aria-haspopup="menu"
        aria-expanded={popup === 'menu'}
        data-tip={say('messages.menu')}
        data-tip-at="above"
        onClick={openMenu}
        className={buttonClasses}
      >
        <Ellipsis size={16} aria-hidden />
      </button>
      {popup && <MessagePopup name={popup} about={about} anchor={menuButton} />}
    </div>
  )
}
