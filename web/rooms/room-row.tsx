import { useId } from 'react'
import BellOff from 'lucide-react/icons/bell-off'
import Lock from 'lucide-react/icons/lock'
import PencilLine from 'lucide-react/icons/pencil-line'
import UsersRound from 'lucide-react/icons/users-round'
import type { RoomView } from '@grandchat/client'
import { sayExactTime, sayTimeShort } from '../locales/times.ts'
import { say, sayCount } from '../locales/words.ts'
import { RoomBadge } from '../mentions/room-badge.tsx'
import { usePlainText } from '../markdown/use-plain-text.ts'
import { Link, paths } from '../router.tsx'
import { classes } from '../ui/classes.ts'
import { useNow } from '../ui/use-now.ts'
import { givenName } from '../users/names.ts'
import { RoomMark, sayKind } from './room-mark.tsx'

type RoomRowProps = {
  room: RoomView
  viewerId: number
  current: boolean
  /** Something was begun there and not sent. */
  hasDraft: boolean
  'data-roving': string
  tabIndex: number
}

export function RoomRow({ room, viewerId, current, hasDraft, ...roving }: RoomRowProps) {
  const isUnread = room.unread > 0 && !room.muted
  const id = useId()
  return (
    <Link
      to={paths.room(room.id)}
      aria-current={current ? 'page' : undefined}
      aria-labelledby={`${id}-name ${id}-unread`}
      aria-describedby={`${id}-kind ${id}-muted ${id}-last`}
      data-room-id={room.id}
      {...roving}
      title={room.title}
      className="no-tap-zoom relative flex h-15 items-center gap-2.5 rounded-control px-2 outline-offset-[-2px] hover:bg-hover aria-[current]:bg-chosen max-wide:h-17 compact:h-8 compact:max-wide:h-11 rail:h-12 rail:justify-center rail:px-0 rail:compact:h-9"
    >
      <RoomMark room={room} viewerId={viewerId} />
      <span id={`${id}-kind`} className="sr-only">
        {sayKind(room.kind)}
      </span>
      {room.muted && (
        <span id={`${id}-muted`} className="sr-only">
          {say('rooms.muted')}
        </span>
      )}
      <span className="flex min-w-0 flex-1 flex-col gap-0.5 compact:flex-row compact:items-center compact:gap-2 rail:contents">
        <span className="flex items-baseline gap-1.5 compact:min-w-0 compact:flex-1 rail:hidden">
          {room.kind === 'private' && (
            <Lock size={12} strokeWidth={2.5} aria-hidden className="shrink-0 self-center text-soft" />
          )}
          <bdi
            id={`${id}-name`}
            className={classes(
              'min-w-0 truncate',
              isUnread || current ? 'text-text' : room.muted ? 'text-soft' : 'text-strong',
              isUnread ? 'font-semibold' : 'font-medium',
            )}
          >
            {room.title}
          </bdi>
          {room.muted && <BellOff size={12} aria-hidden className="shrink-0 self-center text-soft" />}
          {room.last_message && <When time={room.bumped_at} />}
        </span>
        <span id={`${id}-last`} className="flex h-4.5 items-center gap-2 rail:contents">
          <Preview room={room} viewerId={viewerId} strong={isUnread} />
          {hasDraft && <DraftMark />}
          {room.kind !== 'direct' && <MemberCount count={room.member_count} />}
          <RoomBadge id={`${id}-unread`} room={room} />
        </span>
      </span>
    </Link>
  )
}

function DraftMark() {
  return (
    <span title={say('drafts.mark')} className="flex shrink-0 text-soft rail:hidden">
      <PencilLine size={13} aria-hidden />
      <span className="sr-only">{say('drafts.mark')}</span>
    </span>
  )
}

function MemberCount({ count }: { count: number }) {
  return (
    <span
      className="flex shrink-0 items-center gap-0.75 text-soft compact:hidden rail:hidden"
      title={say('rooms.members', { count })}
    >
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
    <time
      dateTime={time}
      title={sayExactTime(time)}
      className="figures ms-auto shrink-0 ps-1 text-tiny text-soft compact:hidden"
    >
      {sayTimeShort(time)}
    </time>
  )
}

function Preview({ room, viewerId, strong }: { room: RoomView; viewerId: number; strong: boolean }) {
  const last = room.last_message
  const own = last?.user.id === viewerId
  const text = usePlainText(last?.content ?? '')
  const preview =
    last === null
      ? say('rooms.no_messages')
      : own
        ? say('rooms.preview.own', { text })
        : room.direct_users && room.direct_users.length <= 2
          ? text
          : say('rooms.preview', { name: givenName(last.user), text })
  return (
    <span
      data-preview
      dir="auto"
      className={classes(
        'min-w-0 flex-1 truncate text-start text-meta compact:hidden rail:hidden',
        strong ? 'text-strong' : 'text-soft',
      )}
    >
      {preview}
    </span>
  )
}
