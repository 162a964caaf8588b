import { Fragment } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import MessagesSquare from 'lucide-react/icons/messages-square'
import { useClient, useMe, useObservable } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { say } from '../locales/words.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useRoving } from '../ui/use-roving.ts'
import { groupRooms } from './group-rooms.ts'
import { RoomRow } from './room-row.tsx'

/** One's rooms, the one with the newest word on top. */
export function RoomList({ currentId }: { currentId: number | undefined }) {
  const { status, rooms } = useObservable(useClient().rooms.list)
  const me = useMe()
  const groups = groupRooms(rooms, currentId)
  const current = rooms.some((room) => room.id === currentId) ? currentId : groups[0]?.rooms[0]?.id
  // Of rooms alone the list says by itself what it is.
  const hasTitles = groups.some(({ key }) => key !== 'rooms')
  const roving = useRoving(current === undefined ? undefined : String(current))

  if (groups.length === 0) return <NoRooms status={status} />
  return (
    <nav aria-label={say('rooms.list')} className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the arrow keys move between the links inside */}
      <div {...roving.list}>
        {groups.map(({ key, title, label, rooms }) => (
          <Fragment key={key}>
            {hasTitles && (
              <h2 className="px-2 pt-3 pb-1 text-tiny font-medium text-soft first:pt-1 rail:sr-only">{title}</h2>
            )}
            <ul aria-label={label}>
              {rooms.map((room) => (
                <li key={room.id}>
                  <RoomRow
                    room={room}
                    viewerId={me.id}
                    current={room.id === currentId}
                    {...roving.item(String(room.id))}
                  />
                </li>
              ))}
            </ul>
          </Fragment>
        ))}
      </div>
    </nav>
  )
}

function NoRooms({ status }: { status: 'loading' | 'ready' | 'error' }) {
  const openDialog = useOpenDialog()
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
    <div className="min-h-0 flex-1 overflow-y-auto">
      <p className="px-4 py-2 text-meta text-soft max-wide:hidden rail:hidden">{say('rooms.none.title')}</p>
      <Empty
        small
        className="wide:hidden"
        icon={<MessagesSquare size={24} strokeWidth={1.5} />}
        title={say('rooms.none.title')}
        text={say('rooms.none.text')}
      >
        <Button look="primary" onClick={() => openDialog({ name: 'create-room' })}>
          {say('rooms.create')}
        </Button>
        <Button onClick={() => openDialog({ name: 'invite' })}>{say('invite.make.title')}</Button>
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
