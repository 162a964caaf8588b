import type { VirtualizerHandle } from 'virtua'
import type { RoomView, Timeline } from '@grandchat/client'
import { useClient, useMe } from '../client-context.tsx'
import { sayLongDate } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { RoomMark } from '../rooms/room-mark.tsx'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

/** The head keeps one height whatever it says, so that nothing below it moves. */
export const listHeadHeight = 152

/** Where an item begins, counted from the top of all that scrolls; the list itself counts from below the head. */
export function startOf(list: VirtualizerHandle, index: number): number {
  return listHeadHeight + list.getItemOffset(index)
}

type ListHeadProps = { room: RoomView; timeline: Timeline; empty: boolean }

/** What stands before the first loaded message: the start of the room, or older ones on their way. */
export function ListHead({ room, timeline, empty }: ListHeadProps) {
  return (
    <div
      style={{ blockSize: listHeadHeight }}
      className="mx-auto flex w-full max-w-(--column-width) shrink-0 flex-col justify-end px-5 pb-2 max-wide:px-4"
    >
      {timeline.olderFailed ? (
        <OlderFailed roomId={room.id} />
      ) : timeline.hasOlder ? (
        timeline.loadingOlder && <OlderLoading />
      ) : (
        <Beginning room={room} empty={empty} />
      )}
    </div>
  )
}

function Beginning({ room, empty }: { room: RoomView; empty: boolean }) {
  const me = useMe()
  const isDirect = room.kind === 'direct'
  return (
    <div className="flex flex-col gap-1">
      <span className="mb-1 flex">
        <RoomMark room={room} viewerId={me.id} />
      </span>
      <h2 className="line-clamp-2 text-title font-semibold wrap-anywhere">
        {say(isDirect ? 'room.begin.direct' : 'room.begin.title', { room: room.title })}
      </h2>
      <p className="line-clamp-2 text-pretty text-soft">
        {empty
          ? say(isDirect ? 'room.empty.direct' : 'room.empty.text')
          : say('room.begin.text', { date: sayLongDate(room.created_at) })}
      </p>
    </div>
  )
}

function OlderLoading() {
  return (
    <Loading label={say('messages.older.loading')} className="appears-late flex flex-col gap-5 pb-2">
      {['w-3/4', 'w-1/2'].map((width) => (
        <div key={width} className="flex gap-3">
          <Skeleton className="size-9 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3 w-28" />
            <Skeleton className={`h-3 ${width}`} />
          </div>
        </div>
      ))}
    </Loading>
  )
}

function OlderFailed({ roomId }: { roomId: number }) {
  const { messages } = useClient()
  return (
    <div role="alert" className="flex flex-wrap items-center justify-center gap-3 text-meta text-soft">
      {say('messages.older.failed')}
      <Button small onClick={() => void messages.loadOlder(roomId)}>
        {say('app.try_again')}
      </Button>
    </div>
  )
}
