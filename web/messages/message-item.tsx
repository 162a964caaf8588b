import { memo } from 'react'
import { isMentioned } from '@grandchat/client'
import { useMe } from '../client-context.tsx'
import { sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { classes } from '../ui/classes.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { useNow } from '../ui/use-now.ts'
import { displayName } from '../users/names.ts'
import { DaySeparator } from './day-separator.tsx'
import { useEdit } from './editing.ts'
import type { Item } from './items.ts'
import { MessageBody } from './message-body.tsx'
import { MessageState } from './message-state.tsx'
import { Gutter, Heading, LeadGutter } from './message-meta.tsx'
import { MessageToolbar } from './message-toolbar.tsx'
import { NewDivider } from './new-divider.tsx'
import { useConversation, useIsFlashed, useIsFocused } from './pointing.ts'
import { SystemItem } from './system-item.tsx'

/** One row of the conversation with what stands above it. A row that breaks says so and breaks nothing else. */
export const MessageItem = memo(function MessageItem({ item, roomId }: { item: Item; roomId: number }) {
  useNow()
  if (item.kind === 'gone') return null
  return (
    <div className="mx-auto w-full max-w-(--column-width) px-3 max-wide:px-2">
      {item.opensDay && <DaySeparator time={item.created_at} isFirstNew={item.isFirstNew} />}
      {item.isFirstNew && !item.opensDay && <NewDivider />}
      <ErrorBoundary renderFallback={() => <p className="ps-15 text-meta text-soft">{say('messages.broken')}</p>}>
        {item.kind === 'system' ? <SystemItem item={item} /> : <Message item={item} roomId={roomId} />}
      </ErrorBoundary>
    </div>
  )
})

function Message({ item, roomId }: { item: Item; roomId: number }) {
  const me = useMe()
  const isFocused = useIsFocused(item.key)
  const isFlashed = useIsFlashed(item.key)
  const { threadId } = useConversation()
  const isEdited = useEdit(item.message?.id) !== undefined
  const isEditing = isEdited && item.message?.id !== threadId
  const isForMe = item.message !== undefined && isMentioned(item.message, me.id)
  const status = item.pending?.state ?? 'sent'
  const name = displayName(item.user)
  const isOwn = me.id === item.user.id
  return (
    <article
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the arrow keys move among messages
      tabIndex={isFocused ? 0 : -1}
      aria-label={say('messages.label', { name, time: sayTime(item.created_at) })}
      data-key={item.key}
      data-status={status}
      data-message-id={item.message?.id}
      data-mentions-all={item.message === undefined || item.message.mentions?.all === true || undefined}
      className={classes(
        'message group relative grid grid-cols-[2.25rem_minmax(0,1fr)] gap-x-3 rounded-control px-2 pb-0.5 outline-offset-[-2px] compact:grid-cols-[1.75rem_minmax(0,1fr)] compact:pb-0',
        item.leads ? 'mt-2.5 pt-1 compact:mt-1' : 'pt-0.5 compact:pt-0',
        isForMe ? 'mentions-me' : 'hover:bg-hover focus-within:bg-hover',
        isFlashed && 'flashes',
      )}
    >
      {item.leads ? <LeadGutter item={item} /> : <Gutter item={item} />}
      <div
        className={classes(
          'min-w-0',
          isOwn && 'pe-5 max-wide:pe-6',
          status !== 'sent' && status !== 'failed' && 'opacity-65',
        )}
      >
        {item.leads && <Heading item={item} name={name} />}
        <MessageBody item={item} roomId={roomId} isFocused={isFocused} />
      </div>
      {isOwn && !isEditing && <MessageState item={item} isFocused={isFocused} />}
      {item.message && !isEditing && <MessageToolbar itemKey={item.key} message={item.message} />}
    </article>
  )
}
