import { useMemo } from 'react'
import Check from 'lucide-react/icons/check'
import MessageSquareText from 'lucide-react/icons/message-square-text'
import type { MentionView, RoomView } from '@grandchat/client'
import { useClient, useRoom } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { ForwardedFrom } from '../messages/forwarded-from.tsx'
import { MessageText } from '../messages/message-text.tsx'
import { RoomNames } from '../messages/room-names.tsx'
import { coverClasses, rowClasses } from '../own-rows/page.tsx'
import { Link, paths } from '../router.tsx'
import { RoomIcon } from '../rooms/room-mark.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { displayName } from '../users/names.ts'
import { markMentionsRead } from './mark-mentions.ts'

/** A message that mentions one, with where it was said; the whole row leads there. */
export function MentionRow({ mention }: { mention: MentionView }) {
  const room = useRoom(mention.room_id)
  if (!room) return null
  const { id, user, isUnread } = mention
  return (
    <article
      className={classes(rowClasses, 'message')}
      data-mention={id}
      data-unread={isUnread || undefined}
      data-mentions-all={mention.mentions?.all === true || undefined}
    >
      <Avatar user={user} size={36} />
      <div className="min-w-0 flex-1">
        <Head mention={mention} room={room} />
        <Place mention={mention} room={room} />
        <Text mention={mention} room={room} />
      </div>
      {isUnread && <MarkRead mention={mention} room={room} />}
    </article>
  )
}

type PartProps = { mention: MentionView; room: RoomView }

function Head({ mention, room }: PartProps) {
  const { id, room_id, thread_id, user, created_at, isUnread } = mention
  const name = displayName(user)
  const to = thread_id === 0 ? paths.message(room_id, id) : paths.thread(room_id, thread_id)
  return (
    <p className="flex items-baseline gap-2">
      <Link to={to} className={coverClasses}>
        <bdi aria-hidden>{name}</bdi>
        <span className="sr-only">
          {isUnread && `${say('mentions.unread')} `}
          {say('saved.open', { name, room: room.title })}
        </span>
      </Link>
      <time
        dateTime={created_at}
        title={sayExactTime(created_at)}
        className="figures relative shrink-0 text-tiny text-soft"
      >
        {sayTime(created_at)}
      </time>
      {isUnread && <span aria-hidden className="size-2 shrink-0 self-center rounded-full bg-accent" />}
    </p>
  )
}

function Place({ mention, room }: PartProps) {
  return (
    <p className="flex min-w-0 items-center gap-1 text-meta text-soft">
      <RoomIcon kind={room.kind} size={12} />
      <bdi className="truncate">{room.title}</bdi>
      {mention.thread_id !== 0 && (
        <span className="ms-1.5 flex shrink-0 items-center gap-1">
          <MessageSquareText size={12} aria-hidden />
          {say('threads.thread')}
        </span>
      )}
    </p>
  )
}

/** As it stands in its room. What can be pressed in it stands above the link of the row, the words do not. */
function Text({ mention, room }: PartProps) {
  const messages = useMemo(() => [mention], [mention])
  return (
    <div className="pointer-events-none relative mt-0.5 overflow-clip text-strong [&_a]:pointer-events-auto [&_button]:pointer-events-auto">
      {mention.forwarded && <ForwardedFrom forwarded={mention.forwarded} tabIndex={0} />}
      <RoomNames room={room} beside={messages}>
        <MessageText text={mention.content} id={`mention-${mention.id}`} />
      </RoomNames>
    </div>
  )
}

function MarkRead({ mention, room }: PartProps) {
  const client = useClient()
  return (
    <IconButton
      label={say('mentions.mark', { room: room.title })}
      className="relative -my-1 opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 [@media(hover:none)]:opacity-100"
      onClick={(event) => {
        // The button goes; whoever used the keyboard goes on from its row.
        event.currentTarget.closest('article')?.querySelector('a')?.focus({ preventScroll: true })
        markMentionsRead(client, [mention])
      }}
    >
      <Check size={16} aria-hidden />
    </IconButton>
  )
}
