import Plus from 'lucide-react/icons/plus'
import type { MessageView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { quickReactions } from './quick-reactions.ts'
import { isMine } from './toggle-reaction.ts'

type QuickRowProps = { message: MessageView; onPick: (emoji: string) => void; onMore: () => void }

const cellClasses =
  'no-tap-zoom transition-colour flex size-9 items-center justify-center rounded-control hover:bg-hover max-wide:h-11 max-wide:w-auto max-wide:max-w-11 max-wide:min-w-0 max-wide:flex-1 max-wide:rounded-full max-wide:bg-hover'

/** The reactions that are used most, and the way to all others. */
export function QuickRow({ message, onPick, onMore }: QuickRowProps) {
  return (
    <fieldset aria-label={say('reactions.choose')} className="flex min-w-0 justify-between gap-0.5">
      {quickReactions.map((emoji) => (
        <button
          key={emoji}
          type="button"
          aria-pressed={isMine(message, emoji)}
          aria-label={say('reactions.react', { emoji })}
          onClick={() => onPick(emoji)}
          className={`${cellClasses} text-title aria-pressed:bg-accent-soft`}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        aria-label={say('reactions.more')}
        title={say('reactions.more')}
        onClick={onMore}
        className={`${cellClasses} text-soft hover:text-text`}
      >
        <Plus size={18} aria-hidden />
      </button>
    </fieldset>
  )
}
