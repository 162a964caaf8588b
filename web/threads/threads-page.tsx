import MessageSquareText from 'lucide-react/icons/message-square-text'
import type { FollowedView } from '@grandchat/client'
import { useClient, useObservable, useRoom } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { useMessage } from '../messages/use-message.ts'
import { usePreview } from '../messages/use-preview.ts'
import { coverClasses, listClasses, OwnPage, rowClasses } from '../own-rows/page.tsx'
import { Link, paths } from '../router.tsx'
import { RoomIcon } from '../rooms/room-mark.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Empty } from '../ui/empty.tsx'
import { useNow } from '../ui/use-now.ts'
import { displayName } from '../users/names.ts'
import { NewMark } from './new-mark.tsx'

/** The threads that one follows, the one written in last first; each leads to its place beside its room. */
export default function ThreadsPage() {
  useNow()
  const followed = useObservable(useClient().threads.followed)
  return (
    <OwnPage title={say('threads.title')}>
      {followed.length === 0 ? (
        <Empty
          icon={<MessageSquareText size={32} strokeWidth={1.5} />}
          title={say('threads.empty.title')}
          text={say('threads.empty.text')}
        />
      ) : (
        <ul aria-label={say('threads.title')} className={listClasses}>
          {followed.map((thread) => (
            <li key={thread.id}>
              <FollowedThread thread={thread} />
            </li>
          ))}
        </ul>
      )}
    </OwnPage>
  )
}

function FollowedThread({ thread }: { thread: FollowedView }) {
  const { id, room_id, message_count, last_message_at, unread, users } = thread
  const room = useRoom(room_id)
  const root = useMessage(room_id, id)
  const text = usePreview(typeof root === 'object' ? root.content : '')
  const [last] = users
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
        <p className="flex min-w-0 items-center gap-1 text-meta text-soft">
          <RoomIcon kind={room.kind} size={12} />
          <bdi className="truncate">{room.title}</bdi>
        </p>
        <p className="figures mt-1 flex flex-wrap gap-x-2 text-meta text-soft">
          <span>{say('threads.count', { count: message_count })}</span>
          {last && <span>{say('threads.last.by', { name: displayName(last) })}</span>}
          {last_message_at !== null && (
            <time dateTime={last_message_at} title={sayExactTime(last_message_at)}>
              {sayTime(last_message_at)}
            </time>
          )}
        </p>
      </div>
    </article>
  )
}
