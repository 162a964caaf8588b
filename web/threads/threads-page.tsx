import { useState } from 'react'
import CloudOff from 'lucide-react/icons/cloud-off'
import MessageSquareText from 'lucide-react/icons/message-square-text'
import type { FollowedView, MessageView } from '@grandchat/client'
import { useClient, useObservable, useRoom } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { useMessage } from '../messages/use-message.ts'
import { usePreview } from '../messages/use-preview.ts'
import { coverClasses, listClasses, OwnPage, rowClasses } from '../own-rows/page.tsx'
import { Link, paths } from '../router.tsx'
import { RoomIcon } from '../rooms/room-mark.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { useNow } from '../ui/use-now.ts'
import { displayName } from '../users/names.ts'
import { NewMark } from './new-mark.tsx'

/** The threads that one follows, the one written in last first; each leads to its place beside its room. */
export default function ThreadsPage() {
  useNow()
  const { status, threads, hasOlder } = useObservable(useClient().threads.followed)
  return (
    <OwnPage title={say('threads.title')}>
      {threads.length > 0 && (
        <ul aria-label={say('threads.title')} className={listClasses}>
          {threads.map((thread) => (
            <li key={thread.id}>
              <FollowedThread thread={thread} />
            </li>
          ))}
        </ul>
      )}
      {threads.length > 0 && hasOlder && <Older />}
      {threads.length === 0 && status === 'ready' && (
        <Empty
          icon={<MessageSquareText size={32} strokeWidth={1.5} />}
          title={say('threads.empty.title')}
          text={say('threads.empty.text')}
        />
      )}
      {threads.length === 0 && status === 'loading' && <ThreadsSkeleton />}
      {threads.length === 0 && status === 'error' && (
        <Empty
          icon={<CloudOff size={32} strokeWidth={1.5} />}
          title={say('threads.list.failed')}
          text={say('members.failed.text')}
        >
          <Older label={say('app.try_again')} />
        </Empty>
      )}
    </OwnPage>
  )
}

function Older({ label = say('threads.more') }: { label?: string }) {
  const { threads } = useClient()
  const [isLoading, setIsLoading] = useState(false)
  const load = async () => {
    setIsLoading(true)
    await threads.loadOlderFollowed()
    setIsLoading(false)
  }
  return (
    <div className="flex justify-center pb-6">
      <Button small busy={isLoading} onClick={() => void load()}>
        {label}
      </Button>
    </div>
  )
}

function ThreadsSkeleton() {
  return (
    <Loading className={`appears-late ${listClasses}`}>
      {['w-2/3', 'w-1/2', 'w-3/5'].map((width) => (
        <div key={width} className="flex gap-3 p-3">
          <Skeleton className="size-9 shrink-0 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className={`h-3 ${width}`} />
            <Skeleton className="h-3 w-1/4" />
          </div>
        </div>
      ))}
    </Loading>
  )
}

function FollowedThread({ thread }: { thread: FollowedView }) {
  const { id, room_id, message_count, last_message_id, unread } = thread
  const room = useRoom(room_id)
  const root = useMessage(room_id, id)
  const text = usePreview(typeof root === 'object' ? root.content : '')
  if (!room) return null
  return (
    <article className={rowClasses} data-thread={id}>
      {typeof root === 'object' ? <Avatar user={root.user} /> : <span className="size-9 shrink-0" />}
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <Link to={paths.thread(room_id, id)} dir="auto" className={coverClasses}>
            {typeof root === 'object' ? text : root === 'gone' && say('messages.quote.gone')}
            {root === 'loading' && <span className="sr-only">{say('threads.thread')}</span>}
          </Link>
          <NewMark count={unread} />
        </p>
        {last_message_id !== null && <LastMessage roomId={room_id} id={last_message_id} />}
        <p className="mt-1 flex min-w-0 flex-wrap items-center gap-x-2 text-meta text-soft">
          <span className="flex min-w-0 items-center gap-1">
            <RoomIcon kind={room.kind} size={12} />
            <bdi className="truncate">{room.title}</bdi>
          </span>
          <span className="figures">{say('threads.count', { count: message_count })}</span>
          <LastTime thread={thread} />
        </p>
      </div>
    </article>
  )
}

function LastTime({ thread: { last_message_at } }: { thread: FollowedView }) {
  if (last_message_at === null) return null
  return (
    <time className="figures" dateTime={last_message_at} title={sayExactTime(last_message_at)}>
      {sayTime(last_message_at)}
    </time>
  )
}

/** Its place is kept while it is on its way, so that no row moves. */
function LastMessage({ roomId, id }: { roomId: number; id: number }) {
  const last = useMessage(roomId, id)
  return (
    <p className="flex h-5 min-w-0 items-center gap-1.5">{typeof last === 'object' && <LastWords message={last} />}</p>
  )
}

function LastWords({ message: { user, content } }: { message: MessageView }) {
  const text = usePreview(content)
  return (
    <>
      <Avatar user={user} size={20} />
      <bdi className="max-w-1/3 shrink-0 truncate font-medium">{displayName(user)}</bdi>
      <span dir="auto" className="min-w-0 truncate text-soft">
        {text}
      </span>
    </>
  )
}
