import { useState } from 'react'
import Check from 'lucide-react/icons/check'
import type { DiscoveredRoom } from '@grandchat/contracts/rooms/schema'
import { useClient, useRoom } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { problemOf, say } from '../locales/words.ts'
import { Link, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { leavePublicRoom } from './leave-room.ts'
import { RoomTile, sayKind } from './room-mark.tsx'

/** One room that may be joined, or left again; one's own list says which, not the answer of a moment ago. */
export function DiscoverRow({ room }: { room: DiscoveredRoom }) {
  const own = useRoom(room.id)
  return (
    <li data-room-id={room.id} className="flex min-h-16 items-center gap-3 rounded-control px-2 py-2.5 hover:bg-hover">
      <RoomTile room={room} />
      <span className="sr-only">{sayKind(room.kind)}</span>
      <div className="flex min-w-0 flex-1 flex-col">
        <span className="flex min-w-0 items-center gap-2">
          {own ? (
            <Link to={paths.room(room.id)} dir="auto" className="truncate rounded-control font-medium hover:underline">
              {room.name}
            </Link>
          ) : (
            <bdi className="truncate font-medium">{room.name}</bdi>
          )}
          {own && (
            <span className="flex shrink-0 items-center gap-1 text-meta text-soft">
              <Check size={14} aria-hidden />
              {say('discover.joined')}
            </span>
          )}
        </span>
        <span className="truncate text-meta text-soft">
          <span className="figures">{say('rooms.members', { count: own?.member_count ?? room.member_count })}</span>
          {room.topic !== '' && (
            <>
              {' · '}
              <bdi>{room.topic}</bdi>
            </>
          )}
        </span>
      </div>
      {own ? <LeaveButton room={room} /> : <JoinButton room={room} />}
    </li>
  )
}

function JoinButton({ room }: { room: DiscoveredRoom }) {
  const { rooms } = useClient()
  const [busy, setBusy] = useState(false)
  const join = () => {
    setBusy(true)
    rooms
      .join(room.id)
      .catch((error: unknown) => toast(problemOf(error).text))
      .finally(() => setBusy(false))
  }
  return (
    <Button
      small
      look="soft"
      className="min-w-18"
      busy={busy}
      aria-label={say('discover.join.room', { room: room.name })}
      onClick={join}
    >
      {say('discover.join')}
    </Button>
  )
}

function LeaveButton({ room }: { room: DiscoveredRoom }) {
  const client = useClient()
  const own = useRoom(room.id)
  const openDialog = useOpenDialog()
  const [busy, setBusy] = useState(false)
  const leave = () => {
    if (own && own.kind !== 'public') return openDialog({ name: 'leave-room', room: own })
    setBusy(true)
    void leavePublicRoom(client, room).finally(() => setBusy(false))
  }
  return (
    <Button
      small
      look="quiet"
      className="min-w-18"
      busy={busy}
      aria-label={say('discover.leave.room', { room: room.name })}
      onClick={leave}
    >
      {say('discover.leave')}
    </Button>
  )
}
