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

/** Below the first of a group: the time on hover, else what there is to say. */
export function Gutter({ item }: { item: Item }) {
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
      <time
        dateTime={item.created_at}
        title={sayExactTime(item.created_at)}
        className="figures shrink-0 text-meta text-soft"
      >
        {sayTime(item.created_at)}
      </time>
      {item.message?.isPinned && (
        <span className="self-center text-soft">
          <PinMark />
        </span>
      )}
    </div>
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
