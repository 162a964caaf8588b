import { memo } from 'react'
import Clock from 'lucide-react/icons/clock'
import { sayClockInGutter, sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { classes } from '../ui/classes.ts'
import { ErrorBoundary } from '../ui/error-boundary.tsx'
import { useNow } from '../ui/use-now.ts'
import { displayName } from '../users/names.ts'
import { DaySeparator } from './day-separator.tsx'
import type { Item } from './items.ts'
import { MessageText } from './message-text.tsx'
import { NewDivider } from './new-divider.tsx'
import { SendProblem } from './send-problem.tsx'
import { saySystemLine } from './system-line.ts'

/** One row of the conversation with what stands above it. A row that breaks says so and breaks nothing else. */
export const MessageItem = memo(function MessageItem({ item, roomId }: { item: Item; roomId: number }) {
  useNow()
  return (
    <div className="mx-auto w-full max-w-(--column-width) px-3 max-wide:px-2">
      {item.opensDay && <DaySeparator time={item.created_at} isFirstNew={item.isFirstNew} />}
      {item.isFirstNew && !item.opensDay && <NewDivider />}
      <ErrorBoundary renderFallback={() => <p className="ps-15 text-meta text-soft">{say('messages.broken')}</p>}>
        {item.kind === 'system' ? <SystemLine item={item} /> : <Message item={item} roomId={roomId} />}
      </ErrorBoundary>
    </div>
  )
})

function statusOf(item: Item): 'sent' | 'sending' | 'waiting' | 'failed' {
  return item.pending?.state ?? 'sent'
}

function Message({ item, roomId }: { item: Item; roomId: number }) {
  const status = statusOf(item)
  const name = displayName(item.user)
  return (
    <article
      aria-label={say('messages.label', { name, time: sayTime(item.created_at) })}
      data-status={status}
      data-message-id={item.message?.id}
      className={classes(
        'group relative grid grid-cols-[2.25rem_minmax(0,1fr)] gap-x-3 compact:grid-cols-[1.75rem_minmax(0,1fr)] rounded-control px-2 pb-0.5 hover:bg-hover compact:pb-0',
        item.leads ? 'mt-2.5 pt-1 compact:mt-1' : 'pt-0.5 compact:pt-0',
      )}
    >
      {item.leads ? <LeadGutter item={item} /> : <Gutter item={item} />}
      <div className={classes('min-w-0 overflow-clip', status !== 'sent' && status !== 'failed' && 'opacity-65')}>
        {item.leads && <Heading item={item} name={name} />}
        <MessageText text={item.content} id={item.key} />
        {item.edited && <span className="text-tiny text-soft">({say('messages.edited')})</span>}
        {item.pending?.state === 'failed' && <SendProblem pending={item.pending} roomId={roomId} />}
      </div>
    </article>
  )
}

function LeadGutter({ item }: { item: Item }) {
  return (
    <span className="pt-0.5">
      <Avatar user={item.user} className="compact:size-7 compact:text-tiny" />
    </span>
  )
}

/** Below the first of a group: the time on hover; a clock while the message is on its way. */
function Gutter({ item }: { item: Item }) {
  if (item.pending) {
    return (
      <span className="flex h-[1lh] items-center justify-end text-soft">
        <SendState item={item} />
      </span>
    )
  }
  return (
    <time
      dateTime={item.created_at}
      title={sayExactTime(item.created_at)}
      className="figures text-end text-tiny leading-(--text-body--line-height) whitespace-nowrap text-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
    >
      {sayClockInGutter(item.created_at)}
    </time>
  )
}

function Heading({ item, name }: { item: Item; name: string }) {
  return (
    <div className="flex h-[1lh] items-baseline gap-2">
      <bdi className="min-w-0 truncate font-semibold">{name}</bdi>
      {item.pending ? (
        <span className="self-center text-soft">
          <SendState item={item} />
        </span>
      ) : (
        <time
          dateTime={item.created_at}
          title={sayExactTime(item.created_at)}
          className="figures shrink-0 text-meta text-soft"
        >
          {sayTime(item.created_at)}
        </time>
      )}
    </div>
  )
}

function SendState({ item }: { item: Item }) {
  const state = item.pending?.state
  if (state === undefined || state === 'failed') return null
  const label = say(state === 'sending' ? 'messages.sending' : 'messages.waiting')
  return (
    <span title={label}>
      <Clock size={13} aria-hidden />
      <span className="sr-only">{label}</span>
    </span>
  )
}

function SystemLine({ item }: { item: Item }) {
  return (
    <p
      data-system
      data-message-id={item.message?.id}
      className="flex items-baseline gap-2 py-1 ps-14 pe-2 text-meta text-soft compact:ps-12"
    >
      <bdi className="min-w-0 wrap-anywhere">{saySystemLine(item)}</bdi>
      <time dateTime={item.created_at} title={sayExactTime(item.created_at)} className="figures shrink-0 text-tiny">
        {sayTime(item.created_at)}
      </time>
    </p>
  )
}
