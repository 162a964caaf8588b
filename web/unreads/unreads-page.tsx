import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import CheckCheck from 'lucide-react/icons/check-check'
import '../locales/catching-up-words.ts'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { BackButton, headerClasses } from '../rooms/room-header.tsx'
import { markRoomsRead } from '../rooms/mark-all-read.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { useArrivalFocus } from '../ui/use-arrival-focus.ts'
import { isFocusLost } from '../ui/use-kept-focus.ts'
import { focusHeading, handleUnreadKeys } from './unread-keys.ts'
import { UnreadRoom } from './unread-room.tsx'
import { useUnreadRooms } from './unread-rooms.ts'
import { useUnreadCount } from './use-unread-count.ts'

/** Rooms whose messages are loaded at a time. */
const pageOfRooms = 10

/** All that is unread, room by room, to be read and answered without going from one to the other. */
export default function UnreadsPage() {
  const client = useClient()
  const { status } = useObservable(client.rooms.list)
  const rooms = useUnreadRooms()
  const [most, setMost] = useState(pageOfRooms)
  const page = useRef<HTMLDivElement>(null)
  const shown = rooms.slice(0, most)
  useArrivalFocus(page)
  useFocusAfterReading(
    page,
    shown.map(({ id }) => id),
  )
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <Header />
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys of what is inside */}
      <div
        ref={page}
        data-unreads
        data-part
        tabIndex={-1}
        onKeyDown={(event) => handleUnreadKeys(event, client)}
        className="flex min-h-0 flex-1 flex-col overflow-x-hidden overflow-y-auto overscroll-contain outline-none"
      >
        {shown.map((room) => (
          <UnreadRoom key={room.id} room={room} />
        ))}
        {rooms.length > most && (
          <Button look="quiet" className="mx-auto my-6" onClick={() => setMost(most + pageOfRooms)}>
            {say('unreads.more', { count: Math.min(pageOfRooms, rooms.length - most) })}
          </Button>
        )}
        {rooms.length === 0 && status === 'ready' && <CaughtUp />}
      </div>
    </div>
  )
}

function Header() {
  const client = useClient()
  const rooms = useUnreadRooms()
  const count = useUnreadCount()
  return (
    <div className={headerClasses}>
      <BackButton />
      <h1 className="shrink-0 font-semibold">{say('unreads.title')}</h1>
      <output className="figures min-w-0 flex-1 truncate text-meta text-soft max-wide:invisible">
        {count > 0 &&
          say('unreads.summary', {
            messages: say('rooms.unread', { count }),
            rooms: say('unreads.rooms', { count: rooms.length }),
          })}
      </output>
      {rooms.length > 0 && (
        <Button small look="quiet" onClick={() => markRoomsRead(client, rooms)}>
          {say('unreads.mark_all')}
        </Button>
      )}
    </div>
  )
}

function CaughtUp() {
  const { rooms } = useObservable(useClient().rooms.list)
  const isMutedUnread = rooms.some(({ muted, unread }) => muted && unread > 0)
  const text = say('unreads.none.text')
  return (
    <Empty
      icon={<CheckCheck size={32} strokeWidth={1.5} />}
      title={say('unreads.none.title')}
      text={isMutedUnread ? `${text} ${say('unreads.muted')}` : text}
    />
  )
}

/** Whoever has read a room goes on with the one that takes its place; after the last with the page. */
function useFocusAfterReading(page: RefObject<HTMLElement | null>, ids: readonly number[]): void {
  const last = useRef(ids)
  useEffect(() => {
    const before = last.current
    last.current = ids
    const at = before.findIndex((id) => !ids.includes(id))
    if (at === -1 || !isFocusLost()) return
    const sections = page.current?.querySelectorAll<HTMLElement>('[data-unread-room]')
    const next = sections?.[Math.min(at, ids.length - 1)]
    if (next) focusHeading(next)
    else page.current?.focus({ preventScroll: true })
  })
}
