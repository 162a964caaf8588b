import Bookmark from 'lucide-react/icons/bookmark'
import BookmarkMinus from 'lucide-react/icons/bookmark-minus'
import type { SavedMessage } from '@grandchat/contracts/own-rows/kinds'
import { useClient, useObservable, useRoom } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { usePlainText } from '../markdown/use-plain-text.ts'
import { useMessage } from '../messages/use-message.ts'
import { RoomIcon } from '../rooms/room-mark.tsx'
import { Link, paths } from '../router.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loading } from '../ui/loading.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { displayName } from '../users/names.ts'
import { coverClasses, listClasses, OwnPage, rowClasses } from './page.tsx'

/** Messages put aside for later, wherever they were said. */
export default function SavedPage() {
  const saved = useObservable(useClient().saved.list)
  return (
    <OwnPage title={say('saved.title')}>
      {saved.length === 0 ? (
        <Empty
          icon={<Bookmark size={32} strokeWidth={1.5} />}
          title={say('saved.empty.title')}
          text={say('saved.empty.text')}
        />
      ) : (
        <ul aria-label={say('saved.title')} className={listClasses}>
          {saved.map((each) => (
            <li key={each.message_id}>
              <SavedRow saved={each} />
            </li>
          ))}
        </ul>
      )}
    </OwnPage>
  )
}

function SavedRow({ saved: { room_id, message_id } }: { saved: SavedMessage }) {
  const { saved } = useClient()
  const message = useMessage(room_id, message_id)
  const room = useRoom(room_id)
  const isThere = room !== undefined && message !== 'gone'
  return (
    <article className={rowClasses} data-saved={message_id}>
      {typeof message === 'object' && room ? (
        <>
          <Avatar user={message.user} size={36} />
          <div className="min-w-0 flex-1">
            <p className="flex items-baseline gap-2">
              <Link to={paths.message(room_id, message_id)} className={coverClasses}>
                <bdi aria-hidden>{displayName(message.user)}</bdi>
                <span className="sr-only">
                  {say('saved.open', { name: displayName(message.user), room: room.title })}
                </span>
              </Link>
              <time
                dateTime={message.created_at}
                title={sayExactTime(message.created_at)}
                className="figures shrink-0 text-tiny text-soft"
              >
                {sayTime(message.created_at)}
              </time>
            </p>
            <p className="flex items-center gap-1 text-meta text-soft">
              <RoomIcon kind={room.kind} size={12} />
              <bdi className="truncate">{room.title}</bdi>
            </p>
            <Text content={message.content} />
          </div>
        </>
      ) : isThere ? (
        <Loading className="appears-late flex flex-1 gap-3">
          <Skeleton className="size-9 rounded-full" />
          <div className="flex flex-1 flex-col gap-2 pt-1">
            <Skeleton className="h-3 w-24" />
            <Skeleton className="h-3 w-3/4" />
          </div>
        </Loading>
      ) : (
        <p className="flex-1 self-center text-soft">{say('saved.gone')}</p>
      )}
      <IconButton
        label={say('saved.remove')}
        className="relative"
        onClick={() => saved.set(room_id, message_id, false)}
      >
        <BookmarkMinus size={16} aria-hidden />
      </IconButton>
    </article>
  )
}

function Text({ content }: { content: string }) {
  return (
    <p dir="auto" className="people-words mt-0.5 line-clamp-6 text-start text-strong">
      {usePlainText(content)}
    </p>
  )
}
