import { memo, useState } from 'react'
import type { MouseEvent } from 'react'
import SmilePlus from 'lucide-react/icons/smile-plus'
import type { MessageView, ReactionView } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { say, sayCount } from '../locales/words.ts'
import { classes } from '../ui/classes.ts'
import { toggleReaction } from './toggle-reaction.ts'
import { useNames } from './use-names.ts'

type ReactionBarProps = {
  message: MessageView
  /** Nobody may react any more. */
  isClosed: boolean
  /** The Tab key stops at the chips of the message that has the focus, and passes by all others. */
  isFocused: boolean
  onAdd: () => void
  /** The chip that had the focus is about to go. */
  onLost: () => void
}

/** Below a message: who said the same with one sign. */
export const ReactionBar = memo(function ReactionBar({
  message,
  isClosed,
  isFocused,
  onAdd,
  onLost,
}: ReactionBarProps) {
  const client = useClient()
  const tabIndex = isFocused ? 0 : -1
  const toggle = (reaction: ReactionView, event: MouseEvent<HTMLElement>) => {
    const isLast = reaction.isMine && reaction.count === 1
    if (isLast && document.activeElement === event.currentTarget) onLost()
    toggleReaction(client, message, reaction.emoji)
  }
  return (
    <ul aria-label={say('reactions.list')} className="mt-1 mb-1 flex flex-wrap gap-1">
      {message.reactions.map((reaction) => (
        <li key={reaction.emoji} className="flex">
          <Chip
            message={message}
            reaction={reaction}
            isClosed={isClosed}
            tabIndex={tabIndex}
            onToggle={(event) => toggle(reaction, event)}
          />
        </li>
      ))}
      {!isClosed && (
        <li className="flex">
          <button
            type="button"
            tabIndex={tabIndex}
            aria-label={say('reactions.add')}
            title={say('reactions.add')}
            onClick={onAdd}
            className={`${chipClasses} px-2 max-wide:px-3.5 text-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:text-text [@media(hover:none)]:opacity-100`}
          >
            <SmilePlus size={14} aria-hidden />
          </button>
        </li>
      )}
    </ul>
  )
})

const chipClasses =
  'no-tap-zoom transition-colour figures relative inline-flex h-6.5 items-center gap-1 rounded-full bg-hover text-meta select-none group-hover:bg-chosen hover:bg-chosen max-wide:h-9 max-wide:before:absolute max-wide:before:-inset-x-0.5 max-wide:before:-inset-y-1'

type ChipProps = {
  message: MessageView
  reaction: ReactionView
  isClosed: boolean
  tabIndex: number
  onToggle: (event: MouseEvent<HTMLElement>) => void
}

function Chip({ message, reaction, isClosed, tabIndex, onToggle }: ChipProps) {
  const { emoji, count, isMine } = reaction
  const [looks, setLooks] = useState(false)
  const names = useNames(message, reaction, looks)
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      aria-pressed={isMine}
      aria-disabled={isClosed || undefined}
      aria-label={[say('reactions.chip', { emoji, count }), names].filter(Boolean).join(', ')}
      data-tip={looks ? names : undefined}
      data-tip-at="start"
      onPointerEnter={() => setLooks(true)}
      onPointerLeave={() => setLooks(false)}
      onFocus={() => setLooks(true)}
      onBlur={() => setLooks(false)}
      onClick={isClosed ? undefined : onToggle}
      className={classes(
        chipClasses,
        'ps-2 pe-2.25',
        isMine
          ? 'bg-accent-soft! font-medium text-accent-text shadow-[inset_0_0_0_1px_var(--color-accent)]'
          : 'text-strong shadow-[inset_0_0_0_1px_var(--color-hairline)]',
      )}
    >
      <span aria-hidden className="text-body leading-none">
        {emoji}
      </span>
      <span aria-hidden>{sayCount(count)}</span>
    </button>
  )
}
