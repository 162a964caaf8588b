import { useState } from 'react'
import Check from 'lucide-react/icons/check'
import type { RoomView } from '@grandchat/client'
import type { DiscoveredRoom } from '@grandchat/contracts/rooms/schema'
import { useClient, useRoom } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { problemOf, say } from '../locales/words.ts'
import { Link, paths } from '../router.tsx'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { restoreRoom } from './archiving.ts'
import { leavePublicRoom } from './leave-room.ts'
import { isOwner } from './may.ts'
import { RoomTile, sayKind } from './room-mark.tsx'

/** One room that may be joined, or left again; one's own list says which, not the answer of a moment ago. */
export function DiscoverRow({ room }: { room: DiscoveredRoom }) {
  const own = useRoom(room.id)
  return (
    <li
      data-room-id={room.id}
      className="relative flex min-h-16 items-center gap-3 rounded-control px-2 py-2.5 hover:bg-hover"
    >
      <RoomTile room={room} />
      <span className="sr-only">{sayKind(room.kind)}</span>
      <div className="flex min-w-0 flex-1 flex-col">
        <span className="flex min-w-0 items-center gap-2">
          {own ? (
            <Link
              to={paths.room(room.id)}
              dir="auto"
              className="truncate rounded-control font-medium after:absolute after:inset-0 after:rounded-control hover:underline"
            >
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
      {room.archived_at === null ? <JoinOrLeave room={room} own={own} /> : own && <Restore room={own} />}
    </li>
  )
}

/** Nobody joins an archived room, and an owner opens it again. What is done already is not offered. */
function Restore({ room }: { room: RoomView }) {
  const client = useClient()
  if (!isOwner(room) || room.archived_at === null) return null
  return (
    <Button
      small
      look="soft"
      className="relative"
      aria-label={say('discover.restore.room', { room: room.title })}
      onClick={() => void restoreRoom(client, room)}
    >
      {say('room.restore')}
    </Button>
  )
}

/** One button for both ways, so that it keeps the focus when the one becomes the other. */
function JoinOrLeave({ room, own }: { room: DiscoveredRoom; own: RoomView | undefined }) {
  const client = useClient()
  const openDialog = useOpenDialog()
  const [busy, setBusy] = useState(false)
  const during = (work: Promise<void>) => {
    setBusy(true)
    work.catch((error: unknown) => toast(problemOf(error).text)).finally(() => setBusy(false))
  }
  const act = () => {
    if (!own) during(client.rooms.join(room.id))
    else if (own.kind === 'public') during(leavePublicRoom(client, room))
    else openDialog({ name: 'leave-room', room: own })
  }
  return (
    <Button
      small
      look={own ? 'quiet' : 'soft'}
      className="relative min-w-18"
      busy={busy}
      aria-label={say(own ? 'discover.leave.room' : 'discover.join.room', { room: room.name })}
      onClick={act}
    >
      {say(own ? 'discover.leave' : 'discover.join')}
    </Button>
  )
}
