import { say } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { displayName } from '../users/names.ts'
import { useConversation } from './pointing.ts'
import { useMessage } from './use-message.ts'
import { usePreview } from './use-preview.ts'

type QuoteProps = { roomId: number; messageId: number; tabIndex: number }

/** Above an answer: what it answers, in one line that leads there. It is as high before it is loaded, and when it is gone. */
export function Quote({ roomId, messageId, tabIndex }: QuoteProps) {
  const { jumpTo } = useConversation()
  const quoted = useMessage(roomId, messageId)
  const text = usePreview(typeof quoted === 'object' ? quoted.content : '')
  if (quoted === 'loading') return <div className={lineClasses} />
  if (quoted === 'gone') {
    return <p className={`${lineClasses} text-soft italic`}>{say('messages.quote.gone')}</p>
  }
  const name = displayName(quoted.user)
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      aria-label={say('messages.quote', { name, text })}
      onClick={() => jumpTo(messageId)}
      className={`${lineClasses} no-tap-zoom rounded-control text-soft hover:text-text`}
    >
      <Avatar user={quoted.user} size={20} className="size-4! text-[0.5rem]!" />
      <bdi className="max-w-40 shrink-0 truncate font-medium">{name}</bdi>
      <span dir="auto" className="min-w-0 truncate text-start">
        {text}
      </span>
    </button>
  )
}

const lineClasses =
  'relative flex h-6 w-full min-w-0 items-center gap-1.5 ps-3 text-meta before:absolute before:inset-y-1 before:start-0 before:w-0.5 before:rounded-full before:bg-line'
