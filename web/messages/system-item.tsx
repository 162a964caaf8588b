import { useState } from 'react'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import type { Item } from './items.ts'
import { useConversation } from './pointing.ts'
import { isCut, sayRun } from './system-line.ts'

/** Names of a run that are shown before "and 3 others". */
const shownNames = 2

/** What happened in the room, as a line between what people say. */
export function SystemItem({ item }: { item: Item }) {
  const { jumpTo } = useConversation()
  const [isOpen, setIsOpen] = useState(false)
  const { before, link, after } = sayRun(item.run, isOpen ? Infinity : shownNames)
  const { created_at } = item.run.at(-1) ?? item
  return (
    <p
      data-system
      data-message-id={item.message?.id}
      className="flex items-baseline gap-2 py-1 ps-14 pe-2 text-meta text-soft compact:ps-12"
    >
      <span className="min-w-0 wrap-anywhere">
        <bdi>
          {before}
          {link && (
            <button type="button" onClick={() => jumpTo(link.messageId)} className={linkClasses}>
              {link.text}
            </button>
          )}
          {after}
        </bdi>{' '}
        {!isOpen && isCut(item.run, shownNames) && (
          <button type="button" onClick={() => setIsOpen(true)} className={linkClasses}>
            {say('messages.system.all')}
          </button>
        )}
      </span>
      <time dateTime={created_at} title={sayExactTime(created_at)} className="figures shrink-0 text-tiny">
        {sayTime(created_at)}
      </time>
    </p>
  )
}

const linkClasses =
  'no-tap-zoom relative rounded-control text-accent-text hover:underline max-wide:before:absolute max-wide:before:-inset-x-1 max-wide:before:-inset-y-3'
