import { useEffect, useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import AtSign from 'lucide-react/icons/at-sign'
import CloudOff from 'lucide-react/icons/cloud-off'
import type { MentionList } from '@grandchat/client'
import '../locales/catching-up-words.ts'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { listClasses } from '../own-rows/page.tsx'
import { BackButton, headerClasses } from '../rooms/room-header.tsx'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useArrivalFocus } from '../ui/use-arrival-focus.ts'
import { isFocusLost } from '../ui/use-kept-focus.ts'
import { useNow } from '../ui/use-now.ts'
import { markMentionsRead } from './mark-mentions.ts'
import { MentionRow } from './mention-row.tsx'

/** All that was said to one, in rooms and threads, the newest first; each leads to its place. */
export default function MentionsPage() {
  useNow()
  const client = useClient()
  const list = useObservable(client.mentions.list)
  const { messages, hasOlder } = list
  const page = useRef<HTMLDivElement>(null)
  useArrivalFocus(page)
  useFocusInPage(page, messages.length)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-mention]') : null
    if (event.defaultPrevented) return
    if (isShortcut(event, 'next_mention')) focusRow(event.currentTarget, row, 1)
    else if (isShortcut(event, 'last_mention')) focusRow(event.currentTarget, row, -1)
    else if (isShortcut(event, 'mention_read') && row) {
      markMentionsRead(
        client,
        messages.filter(({ id }) => String(id) === row.dataset['mention']),
      )
    } else return
    event.preventDefault()
  }
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className={headerClasses}>
        <BackButton />
        <h1 className="min-w-0 flex-1 truncate font-semibold">{say('mentions.title')}</h1>
        {messages.some(({ isUnread }) => isUnread) && (
          <Button small look="quiet" onClick={() => markMentionsRead(client, messages)}>
            {say('unreads.mark_all')}
          </Button>
        )}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of what is inside */}
      <div
        ref={page}
        data-part
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto overscroll-contain outline-none"
      >
        {messages.length > 0 && (
          <ul aria-label={say('mentions.title')} className={listClasses}>
            {messages.map((mention) => (
              <li key={mention.id}>
                <MentionRow mention={mention} />
              </li>
            ))}
          </ul>
        )}
        {messages.length > 0 && hasOlder && <Older hasFailed={list.hasFailed} />}
        {messages.length === 0 && <Nothing status={list.status} />}
      </div>
    </div>
  )
}

function Older({ hasFailed }: { hasFailed: boolean }) {
  return (
    <div className="flex flex-col items-center gap-2 pb-6">
      {hasFailed && (
        <p role="alert" className="text-meta text-soft">
          {say('mentions.older.failed')}
        </p>
      )}
      <Load label={say(hasFailed ? 'app.try_again' : 'mentions.older')} />
    </div>
  )
}

function Load({ label }: { label: string }) {
  const { mentions } = useClient()
  const [isLoading, setIsLoading] = useState(false)
  const load = async () => {
    setIsLoading(true)
    await mentions.loadOlder()
    setIsLoading(false)
  }
  return (
    <Button small busy={isLoading} onClick={() => void load()}>
      {label}
    </Button>
  )
}

function Nothing({ status }: Pick<MentionList, 'status'>) {
  const connection = useObservable(useClient().connection)
  const away = <CloudOff size={32} strokeWidth={1.5} />
  if (status === 'ready') {
    const icon = <AtSign size={32} strokeWidth={1.5} />
    return <Empty icon={icon} title={say('mentions.none.title')} text={say('mentions.none.text')} />
  }
  if (connection === 'offline') {
    return <Empty icon={away} title={say('mentions.failed.title')} text={say('mentions.waiting')} />
  }
  if (status === 'loading') return <MentionsSkeleton />
  return (
    <Empty icon={away} title={say('mentions.failed.title')} text={say('members.failed.text')}>
      <Load label={say('app.try_again')} />
    </Empty>
  )
}

function MentionsSkeleton() {
  return (
    <Loading className={`appears-late ${listClasses}`}>
      {['w-2/3', 'w-1/2', 'w-3/5'].map((width) => (
        <div key={width} className="flex gap-3 p-3">
          <Skeleton className="size-9 shrink-0 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3 w-24" />
            <Skeleton className={`h-3 ${width}`} />
          </div>
        </div>
      ))}
    </Loading>
  )
}

function focusRow(page: HTMLElement, from: HTMLElement | null, step: 1 | -1): void {
  const rows = [...page.querySelectorAll<HTMLElement>('[data-mention]')]
  const at = from ? rows.indexOf(from) + step : step === 1 ? 0 : rows.length - 1
  const row = rows[at]
  row?.querySelector('a')?.focus({ preventScroll: true })
  row?.scrollIntoView({ block: 'nearest' })
}

/** A row that goes while it has the focus leaves it to the page: the keys go on from there. */
function useFocusInPage(page: RefObject<HTMLElement | null>, count: number): void {
  const last = useRef(count)
  useEffect(() => {
    const wasMore = last.current > count
    last.current = count
    if (wasMore && isFocusLost()) page.current?.focus({ preventScroll: true })
  }, [page, count])
}
