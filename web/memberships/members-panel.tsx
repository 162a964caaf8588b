import { useEffect, useMemo, useRef, useState } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import UserPlus from 'lucide-react/icons/user-plus'
import { Virtualizer } from 'virtua'
import type { MemberList, RoomView } from '@grandchat/client'
import { useClient, useMe, useObservable } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say, sayNumber } from '../locales/words.ts'
import { mayAdd } from '../rooms/may.ts'
import { SidePanel } from '../rooms/side-panel.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { inputClasses } from '../ui/field.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { MemberRow } from './member-row.tsx'
import { sortMembers } from './sort-members.ts'
import { useMemberSearch } from './use-member-search.ts'

const searchableFrom = 10

/** Who is in the room: beside the conversation, or over it on small screens. */
export default function MembersPanel({ room }: { room: RoomView }) {
  const { members } = useClient()
  const openDialog = useOpenDialog()
  const list = useObservable(useMemo(() => members.list(room.id), [members, room.id]))
  const [query, setQuery] = useState('')
  const found = useMemberSearch(room.id, query, isPartial(room, list))
  useEffect(() => members.open(room.id), [members, room.id])

  return (
    <SidePanel roomId={room.id} panel="members" title={say('members.title')} count={room.member_count}>
      {mayAdd(room) && (
        <div className="px-3 pt-3">
          <Button small className="w-full" onClick={() => openDialog({ name: 'add-people', room })}>
            <UserPlus size={16} aria-hidden />
            {say('members.add')}
          </Button>
        </div>
      )}
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
      <List {...(found ?? list)} room={room} query={query} />
    </SidePanel>
  )
}

/** Of many members only the first are loaded; one or two may be missing for a moment while people come and go. */
const isPartial = (room: RoomView, { status, members }: MemberList) =>
  status === 'ready' && room.member_count > 1_000 && members.length < room.member_count

function List({ room, members, status, query }: MemberList & { room: RoomView; query: string }) {
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
        {(member) => <MemberRow key={member.user.id} room={room} member={member} isViewer={member.user.id === me.id} />}
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
