import { useId, useLayoutEffect, useMemo, useState } from 'react'
import Check from 'lucide-react/icons/check'
import ChevronDown from 'lucide-react/icons/chevron-down'
import type { MessageView, RoomView, Timeline } from '@grandchat/client'
import { useClient, useMe, useObservable, useTimeline } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { isRemoved } from '../messages/items.ts'
import { RoomNames } from '../messages/room-names.tsx'
import { Link, paths } from '../router.tsx'
import { markRoomRead } from '../rooms/mark-all-read.ts'
import { RoomMark, sayKind } from '../rooms/room-mark.tsx'
import { UnreadBadge } from '../rooms/unread-badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { UnreadMessages } from './unread-messages.tsx'

/** Of a room with more than these, the newest are enough to see what it is about. */
export const mostShown = 30

/** A room under its name, with what is unread in it. */
export function UnreadRoom({ room }: { room: RoomView }) {
  const { messages } = useClient()
  const [isFolded, setIsFolded] = useState(false)
  const id = useId()
  // What is unread on opening the room itself is decided there: this must have let go of it by then.
  useLayoutEffect(() => messages.glance(room.id), [messages, room.id])
  return (
    <section data-unread-room={room.id} aria-labelledby={id} className="scroll-mt-2 border-b border-hairline">
      <Head room={room} id={id} isFolded={isFolded} onFold={() => setIsFolded(!isFolded)} />
      {!isFolded && (
        <RoomNames room={room}>
          <Unread room={room} />
        </RoomNames>
      )}
    </section>
  )
}

type HeadProps = { room: RoomView; id: string; isFolded: boolean; onFold: () => void }

function Head({ room, id, isFolded, onFold }: HeadProps) {
  const client = useClient()
  const me = useMe()
  return (
    <div className="sticky top-0 z-(--layer-sticky) bg-page">
      <div className="mx-auto flex min-h-14 w-full max-w-(--column-width) items-center gap-2 px-3 max-wide:px-2">
        <IconButton
          label={say('unreads.collapse', { room: room.title })}
          aria-expanded={!isFolded}
          className="aria-expanded:bg-transparent"
          onClick={onFold}
        >
          <ChevronDown
            size={16}
            aria-hidden
            className={classes('transition-transform', isFolded && '-rotate-90 rtl:rotate-90')}
          />
        </IconButton>
        <RoomMark room={room} viewerId={me.id} />
        <h2 id={id} className="flex min-w-0 flex-1 items-center gap-2">
          <Link
            to={paths.room(room.id)}
            dir="auto"
            className="truncate rounded-control font-semibold hover:underline max-wide:leading-11"
          >
            <span className="sr-only">{sayKind(room.kind)} </span>
            {room.title}
          </Link>
          <UnreadBadge id={`${id}-count`} count={room.unread} />
        </h2>
        <Button
          small
          look="quiet"
          className="max-wide:min-w-11"
          aria-label={say('unreads.mark', { room: room.title })}
          onClick={() => markRoomRead(client, room)}
        >
          <Check size={16} aria-hidden />
          <span className="max-wide:sr-only">{say('unreads.mark.short')}</span>
        </Button>
      </div>
    </div>
  )
}

function Unread({ room }: { room: RoomView }) {
  const timeline = useTimeline(room.id)
  const { messages, status } = timeline
  const unread = useMemo(() => unreadOf(messages, room.read_seq), [messages, room.read_seq])
  const shown = useMemo(() => unread.slice(-mostShown), [unread])
  // What was deleted counts as unread and is not shown: only what is loaded tells which.
  const first = shown[0]?.seq ?? room.last_seq + 1
  const earlier = unread.length > mostShown || timeline.hasOlder ? Math.max(0, first - 1 - room.read_seq) : 0
  if (shown.length === 0) return <NothingLoaded room={room} status={status} />
  return (
    <>
      {earlier > 0 && (
        <p className="mx-auto w-full max-w-(--column-width) px-5 pt-1">
          <Link to={paths.room(room.id)} className="rounded-control text-meta text-accent-text hover:underline">
            {say('unreads.earlier', { count: earlier })}
          </Link>
        </p>
      )}
      <UnreadMessages room={room} messages={shown} />
    </>
  )
}

function unreadOf(messages: readonly MessageView[], readSeq: number): readonly MessageView[] {
  return messages.filter((message) => message.seq !== null && message.seq > readSeq && !isRemoved(message))
}

function NothingLoaded({ room, status }: { room: RoomView; status: Timeline['status'] }) {
  const client = useClient()
  const connection = useObservable(client.connection)
  const box = 'mx-auto flex w-full max-w-(--column-width) flex-wrap items-center gap-3 px-5 pb-5 text-soft'
  if (status === 'error') {
    return (
      <div role="alert" className={box}>
        {say('unreads.failed')}
        <Button small onClick={() => void client.messages.reload(room.id)}>
          {say('app.try_again')}
        </Button>
      </div>
    )
  }
  if (connection === 'offline') return <p className={box}>{say('unreads.waiting')}</p>
  if (status !== 'loading') return null
  return (
    <Loading className="appears-late mx-auto flex w-full max-w-(--column-width) gap-3 px-5 pb-5">
      <Skeleton className="size-9 shrink-0 rounded-full" />
      <div className="flex flex-1 flex-col gap-2.5 pt-1">
        <Skeleton className="h-3 w-28" />
        <Skeleton className="h-3 w-3/5" />
      </div>
    </Loading>
  )
}
