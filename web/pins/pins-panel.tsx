import { useEffect, useMemo } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import Pin from 'lucide-react/icons/pin'
import PinOff from 'lucide-react/icons/pin-off'
import type { MessageView, RoomView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { usePlainText } from '../markdown/use-plain-text.ts'
import { isRemoved } from '../messages/items.ts'
import { MessageText } from '../messages/message-text.tsx'
import { SidePanel } from '../rooms/side-panel.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { displayName } from '../users/names.ts'

type PinsPanelProps = { room: RoomView; onJump: (messageId: number) => void }

/** What is kept at hand for the whole room, the last pinned first. */
export default function PinsPanel({ room, onJump }: PinsPanelProps) {
  const { pins } = useClient()
  const { status, messages } = useObservable(useMemo(() => pins.list(room.id), [pins, room.id]))
  useEffect(() => pins.open(room.id), [pins, room.id])
  const shown = messages.filter((message) => !isRemoved(message))
  return (
    <SidePanel
      roomId={room.id}
      panel="pins"
      title={say('pins.title')}
      {...(status === 'ready' && { count: shown.length })}
    >
      {shown.length > 0 ? (
        <ul className="flex min-h-0 flex-1 flex-col gap-1 overflow-y-auto overscroll-contain p-2">
          {shown.map((message) => (
            <li key={message.id}>
              <PinnedMessage message={message} isClosed={room.archived_at !== null} onJump={onJump} />
            </li>
          ))}
        </ul>
      ) : status === 'loading' ? (
        <PinsSkeleton />
      ) : status === 'error' ? (
        <Empty
          small
          icon={<CloudOff size={24} strokeWidth={1.5} />}
          title={say('pins.failed.title')}
          text={say('members.failed.text')}
        />
      ) : (
        <Empty
          small
          icon={<Pin size={24} strokeWidth={1.5} />}
          title={say('pins.empty.title')}
          text={say('pins.empty.text')}
        />
      )}
    </SidePanel>
  )
}

type PinnedMessageProps = { message: MessageView; isClosed: boolean; onJump: (messageId: number) => void }

/** The whole of it leads to its place in the conversation. */
function PinnedMessage({ message, isClosed, onJump }: PinnedMessageProps) {
  const { pins } = useClient()
  const { id, room_id, user, content, created_at } = message
  const name = displayName(user)
  return (
    <article
      aria-label={say('messages.label', { name, time: sayTime(created_at) })}
      className="group relative grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-2.5 rounded-control p-2.5 hover:bg-hover"
    >
      <Avatar user={user} size={28} />
      <div className="min-w-0">
        <p className="flex items-baseline gap-2 pe-8">
          <button
            type="button"
            aria-label={say('pins.show', { name, text: usePlainText(content) })}
            onClick={() => onJump(id)}
            className="min-w-0 truncate font-semibold outline-none after:absolute after:inset-0 after:rounded-control focus-visible:after:outline-2 focus-visible:after:outline-offset-[-2px] focus-visible:after:outline-accent"
          >
            <bdi>{name}</bdi>
          </button>
          <time dateTime={created_at} title={sayExactTime(created_at)} className="figures shrink-0 text-tiny text-soft">
            {sayTime(created_at)}
          </time>
        </p>
        {/* Its links are for the conversation: here all of it leads there. */}
        <div inert className="max-h-48 overflow-clip text-strong">
          <MessageText text={content} id={`pin:${id}`} />
        </div>
      </div>
      {!isClosed && (
        <IconButton
          label={say('messages.unpin')}
          className="absolute! end-1 top-1 max-wide:top-0 max-wide:end-0 [@media(hover:hover)]:not-focus-visible:not-group-hover:opacity-0"
          onClick={() => pins.set(room_id, id, false)}
        >
          <PinOff size={16} aria-hidden />
        </IconButton>
      )}
    </article>
  )
}

function PinsSkeleton() {
  return (
    <Loading className="appears-late flex flex-col gap-5 p-4">
      {['w-3/4', 'w-1/2'].map((width) => (
        <div key={width} className="flex gap-2.5">
          <Skeleton className="size-7 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3 w-24" />
            <Skeleton className={`h-3 ${width}`} />
          </div>
        </div>
      ))}
    </Loading>
  )
}
