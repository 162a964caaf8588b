import Clock from 'lucide-react/icons/clock'
import Pin from 'lucide-react/icons/pin'
import { sayClockInGutter, sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { Avatar } from '../ui/avatar.tsx'
import { PersonButton } from '../users/person-button.tsx'
import { StatusMark } from '../users/status-mark.tsx'
import type { Item } from './items.ts'

export function LeadGutter({ item }: { item: Item }) {
  return (
    <span className="pt-0.5">
      <PersonButton user={item.user} tabIndex={-1} isHidden className="flex rounded-full">
        <Avatar user={item.user} className="compact:size-7 compact:text-tiny" />
      </PersonButton>
    </span>
  )
}

/** Below the first of a group: the time on hover, else what there is to say; a clock while the message is on its way. */
export function Gutter({ item }: { item: Item }) {
  if (item.pending) {
    return (
      <span className="flex h-[1lh] items-center justify-end text-soft">
        <SendState item={item} />
      </span>
    )
  }
  const isPinned = item.message?.isPinned === true
  return (
    <span className="relative flex h-[1lh] justify-end text-soft">
      <time
        dateTime={item.created_at}
        title={sayExactTime(item.created_at)}
        className="figures text-tiny leading-(--text-body--line-height) whitespace-nowrap opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      >
        {sayClockInGutter(item.created_at)}
      </time>
      {isPinned && (
        <span className="absolute inset-y-0 end-0 flex items-center group-focus-within:opacity-0 group-hover:opacity-0">
          <PinMark />
        </span>
      )}
    </span>
  )
}

export function Heading({ item, name }: { item: Item; name: string }) {
  return (
    <div className="flex h-[1lh] items-baseline gap-2">
      <PersonButton
        user={item.user}
        tabIndex={-1}
        className="min-w-0 truncate rounded-control font-semibold hover:underline"
      >
        <bdi>{name}</bdi>
      </PersonButton>
      <StatusMark userId={item.user.id} />
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
      {item.message?.isPinned && (
        <span className="self-center text-soft">
          <PinMark />
        </span>
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

function PinMark() {
  return (
    <span title={say('messages.pinned')}>
      <Pin size={12} aria-hidden />
      <span className="sr-only">{say('messages.pinned')}</span>
    </span>
  )
}
