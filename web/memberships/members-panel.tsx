import { useEffect, useMemo, useRef, useState } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import X from 'lucide-react/icons/x'
import { Virtualizer } from 'virtua'
import type { MemberList, RoomView } from '@grandchat/client'
import { useClient, useMe, useObservable } from '../client-context.tsx'
import { say, sayNumber } from '../locales/words.ts'
import { goBack, navigate, paths } from '../router.tsx'
import { headerClasses, membersPanelId } from '../rooms/room-header.tsx'
import { IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { inputClasses } from '../ui/field.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { isFocusLost } from '../ui/use-kept-focus.ts'
import { MemberRow } from './member-row.tsx'
import { sortMembers } from './sort-members.ts'
import { useMemberSearch } from './use-member-search.ts'

const searchableFrom = 10

/** Who is in the room: beside the conversation, or over it on small screens. */
export default function MembersPanel({ room }: { room: RoomView }) {
  const { members } = useClient()
  const list = useObservable(useMemo(() => members.list(room.id), [members, room.id]))
  const [query, setQuery] = useState('')
  const found = useMemberSearch(room.id, query, isPartial(room, list))
  const panel = useRef<HTMLElement>(null)
  useEffect(() => members.open(room.id), [members, room.id])
  useEffect(() => comeAndGo(panel.current), [])

  const close = () => {
    if (matchMedia('(max-width: 899.98px)').matches) goBack(paths.room(room.id))
    else navigate(paths.room(room.id), { replace: true })
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape anywhere inside closes it
    <aside
      ref={panel}
      id={membersPanelId}
      tabIndex={-1}
      aria-label={say('members.title')}
      onKeyDown={(event) => event.key === 'Escape' && close()}
      className="flex min-h-0 w-(--panel-width) shrink-0 flex-col border-s border-hairline bg-page outline-none max-roomy:w-75 max-wide:fixed max-wide:inset-0 max-wide:z-(--layer-panel) max-wide:w-auto max-wide:border-none"
    >
      <div className={`${headerClasses} max-wide:ps-5`}>
        <h2 className="flex-1 font-semibold">
          {say('members.title')} <span className="figures font-normal text-soft">{sayNumber(room.member_count)}</span>
        </h2>
        <IconButton label={say('members.close')} className="-me-2 max-wide:me-0" onClick={close}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {room.member_count > searchableFrom && (
        <div className="px-3 pt-3">
          <input
            type="search"
            aria-label={say('members.search')}
            placeholder={say('members.search')}
            autoComplete="off"
            dir="auto"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            className={`${inputClasses} text-start`}
          />
        </div>
      )}
      {isPartial(room, list) && !found && (
        <p className="px-5 pt-3 text-meta text-soft">
          {say('members.partial', {
            shown: sayNumber(list.members.length),
            count: sayNumber(room.member_count),
          })}
        </p>
      )}
      <List {...(found ?? list)} query={query} />
    </aside>
  )
}

/** Of many members only the first are loaded; one or two may be missing for a moment while people come and go. */
const isPartial = (room: RoomView, { status, members }: MemberList) =>
  status === 'ready' && room.member_count > 1_000 && members.length < room.member_count

/** Whoever opened the panel by its button goes into it, and comes back to the button when it closes. */
function comeAndGo(panel: HTMLElement | null): () => void {
  const button = document.querySelector<HTMLElement>(`[aria-controls="${membersPanelId}"]`)
  if (document.activeElement === button) panel?.focus({ preventScroll: true })
  return () => requestAnimationFrame(() => isFocusLost() && button?.focus({ preventScroll: true }))
}

function List({ members, status, query }: MemberList & { query: string }) {
  const me = useMe()
  const scroller = useRef<HTMLDivElement>(null)
  const shown = useMemo(() => sortMembers(members, query), [members, query])

  if (members.length === 0 && status === 'loading') return <MembersSkeleton />
  if (members.length === 0 && status === 'error') {
    return (
      <Empty
        small
        icon={<CloudOff size={24} strokeWidth={1.5} />}
        title={say('members.failed.title')}
        text={say('members.failed.text')}
      />
    )
  }
  if (shown.length === 0) return <p className="px-5 py-6 text-center text-meta text-soft">{say('members.none')}</p>
  return (
    <div
      ref={scroller}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrow and page keys scroll what has the focus
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-2 outline-offset-[-2px] [overflow-anchor:none]"
    >
      <Virtualizer scrollRef={scroller} data={shown} itemSize={52} startMargin={8} as="ul" item="li">
        {(member) => <MemberRow key={member.user.id} member={member} isViewer={member.user.id === me.id} />}
      </Virtualizer>
    </div>
  )
}

function MembersSkeleton() {
  return (
    <Loading className="appears-late p-2">
      {['w-28', 'w-36', 'w-24', 'w-32'].map((width) => (
        <div key={width} className="flex h-13 items-center gap-3 px-2">
          <Skeleton className="size-9 rounded-full" />
          <Skeleton className={`h-3 ${width}`} />
        </div>
      ))}
    </Loading>
  )
}
