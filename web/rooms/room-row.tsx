import { useId } from 'react'
import UsersRound from 'lucide-react/icons/users-round'
import type { RoomView } from '@grandchat/client'
import { sayExactTime, sayTimeShort } from '../locales/times.ts'
import { say, sayCount } from '../locales/words.ts'
import { Link, paths } from '../router.tsx'
import { classes } from '../ui/classes.ts'
import { useNow } from '../ui/use-now.ts'
import { givenName } from '../users/names.ts'
import { sayKind, RoomTile } from './room-mark.tsx'
import { UnreadBadge } from './unread-badge.tsx'

type RoomRowProps = { room: RoomView; viewerId: number; current: boolean; 'data-roving': string; tabIndex: number }

export function RoomRow({ room, viewerId, current, ...roving }: RoomRowProps) {
  const isUnread = room.unread > 0 && !room.muted
  const id = useId()
  return (
    <Link
      to={paths.room(room.id)}
      aria-current={current ? 'page' : undefined}
      aria-labelledby={`${id}-name ${id}-unread`}
      aria-describedby={`${id}-kind ${id}-last`}
      data-room-id={room.id}
      {...roving}
      className="no-tap-zoom group flex h-15 items-center gap-2.5 rounded-control px-2 outline-offset-[-2px] hover:bg-hover aria-[current]:bg-chosen max-wide:h-17"
    >
      <RoomTile kind={room.kind} className="group-aria-[current]:bg-page" />
      <span id={`${id}-kind`} className="sr-only">
        {sayKind(room.kind)}
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-1.5">
          <bdi id={`${id}-name`} className={classes('min-w-0 truncate', isUnread ? 'font-semibold' : 'font-medium')}>
            {room.name}
          </bdi>
          {room.last_message && <When time={room.bumped_at} />}
        </span>
        <span id={`${id}-last`} className="flex h-4.5 items-center gap-2">
          <Preview room={room} viewerId={viewerId} strong={isUnread} />
          <MemberCount count={room.member_count} />
          <UnreadBadge id={`${id}-unread`} count={room.unread} />
        </span>
      </span>
    </Link>
  )
}

function MemberCount({ count }: { count: number }) {
  return (
    <span className="flex shrink-0 items-center gap-0.75 text-soft" title={say('rooms.members', { count })}>
      <UsersRound size={11} aria-hidden />
      <span aria-hidden className="figures text-tiny">
        {sayCount(count)}
      </span>
      <span className="sr-only">{say('rooms.members', { count })}</span>
    </span>
  )
}

function When({ time }: { time: string }) {
  useNow()
  return (
    <time dateTime={time} title={sayExactTime(time)} className="figures ms-auto shrink-0 ps-1 text-tiny text-soft">
      {sayTimeShort(time)}
    </time>
  )
}

function Preview({ room, viewerId, strong }: { room: RoomView; viewerId: number; strong: boolean }) {
  const last = room.last_message
  const own = last?.user.id === viewerId
  const text = last?.content.replaceAll('\n', ' ') ?? ''
  const preview =
    last === null
      ? say('rooms.no_messages')
      : own
        ? say('rooms.preview.own', { text })
        : say('rooms.preview', { name: givenName(last.user), text })
  return (
    <span
      data-preview
      dir="auto"
      className={classes('min-w-0 flex-1 truncate text-start text-meta', strong ? 'text-strong' : 'text-soft')}
    >
      {preview}
    </span>
  )
}
