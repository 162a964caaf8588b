import CloudOff from 'lucide-react/icons/cloud-off'
import MessagesSquare from 'lucide-react/icons/messages-square'
import type { RoomView } from '@grandchat/client'
import { useClient, useMe, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useRoving } from '../ui/use-roving.ts'
import { FirstSteps } from './first-steps.tsx'
import { useRoomGroups } from './group-rooms.ts'
import { GroupOfRooms, useFolded } from './room-group.tsx'
import { RoomRow } from './room-row.tsx'
import { useRoomContextMenu } from './use-room-context-menu.tsx'

/** One's rooms as they have arranged them; of the others the one with the newest word on top. */
export function RoomList({ currentId }: { currentId: number | undefined }) {
  const { status, rooms } = useObservable(useClient().rooms.list)
  const me = useMe()
  const groups = useRoomGroups(currentId)
  const folded = useFolded()
  const drafts = useDraftRooms()
  const current = rooms.some((room) => room.id === currentId) ? currentId : groups[0]?.rooms[0]?.id
  // Of rooms alone the list says by itself what it is.
  const hasTitles = groups.some(({ key }) => key !== 'rooms')
  const roving = useRoving(current === undefined ? undefined : String(current))
  const isSeenFolded = (room: RoomView) => room.id === currentId || (room.unread > 0 && !room.muted)

  const context = useRoomContextMenu(rooms)

  if (rooms.length === 0) return <NoRooms status={status} />
  return (
    <nav aria-label={say('rooms.list')} className="flex-1 px-2 pb-2">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the arrow keys move between the links inside */}
      <div {...roving.list} onContextMenu={context.onContextMenu}>
        {groups.map((group) => (
          <GroupOfRooms
            key={group.key}
            group={group}
            hasTitle={hasTitles}
            isFolded={folded.has(group.key)}
            onFold={() => folded.toggle(group.key)}
          >
            {(hasTitles && folded.has(group.key) ? group.rooms.filter(isSeenFolded) : group.rooms).map((room) => (
              <li key={room.id}>
                <RoomRow
                  room={room}
                  viewerId={me.id}
                  current={room.id === currentId}
                  hasDraft={drafts.has(room.id) && room.id !== currentId}
                  {...roving.item(String(room.id))}
                />
              </li>
            ))}
          </GroupOfRooms>
        ))}
      </div>
      {context.menu}
    </nav>
  )
}

function useDraftRooms(): ReadonlySet<number> {
  return new Set(useObservable(useClient().drafts.list).map(({ room_id }) => room_id))
}

function NoRooms({ status }: { status: 'loading' | 'ready' | 'error' }) {
  if (status === 'loading') return <RoomListSkeleton />
  if (status === 'error') {
    return (
      <div className="min-h-0 flex-1">
        <Empty
          small
          icon={<CloudOff size={24} strokeWidth={1.5} />}
          title={say('rooms.failed.title')}
          text={say('rooms.failed.text')}
        />
      </div>
    )
  }
  return (
    <div className="flex-1">
      <p className="px-4 py-2 text-meta text-soft max-wide:hidden rail:hidden">{say('rooms.none.title')}</p>
      <Empty
        small
        className="wide:hidden"
        icon={<MessagesSquare size={24} strokeWidth={1.5} />}
        title={say('rooms.none.title')}
        text={say('rooms.none.text')}
      >
        <FirstSteps />
      </Empty>
    </div>
  )
}

function RoomListSkeleton() {
  return (
    <Loading className="appears-late min-h-0 flex-1 overflow-hidden px-2">
      {[60, 84, 44, 72, 56, 90].map((width) => (
        <div
          key={width}
          className="flex h-15 items-center gap-2.5 px-2 max-wide:h-17 compact:h-8 compact:max-wide:h-11 rail:h-12 rail:justify-center rail:px-0 rail:compact:h-9"
        >
          <Skeleton className="size-9 shrink-0 rounded-card compact:size-6" />
          <div className="flex flex-1 flex-col gap-2 rail:hidden">
            <span style={{ inlineSize: `${width}%` }}>
              <Skeleton className="h-3 w-full" />
            </span>
            <Skeleton className="h-2.5 w-4/5 compact:hidden" />
          </div>
        </div>
      ))}
    </Loading>
  )
}
