import ForwardIcon from 'lucide-react/icons/forward'
import type { Forwarded } from '@grandchat/contracts/messages/schema'
import { useRoom } from '../client-context.tsx'
import { sayExactTime, sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { Link, paths } from '../router.tsx'
import { displayName } from '../users/names.ts'

type ForwardedFromProps = { forwarded: Forwarded; tabIndex: number }

/** Above a forwarded text: who said it first, when, and the way there for whoever is in that room. */
export function ForwardedFrom({ forwarded, tabIndex }: ForwardedFromProps) {
  const { room_id, message_id, user, created_at } = forwarded
  const room = useRoom(room_id)
  return (
    <p className="flex min-h-6 flex-wrap items-center gap-x-1.5 text-meta text-soft">
      <ForwardIcon size={14} aria-hidden className="shrink-0 rtl:-scale-x-100" />
      <bdi className="min-w-0 wrap-anywhere">{say('messages.forwarded', { name: displayName(user) })}</bdi>
      <time dateTime={created_at} title={sayExactTime(created_at)} className="figures">
        {sayTime(created_at)}
      </time>
      {room && (
        <Link
          to={paths.message(room_id, message_id)}
          tabIndex={tabIndex}
          className="rounded-control text-accent-text hover:underline"
        >
          {say('messages.forwarded.show', { room: room.title })}
        </Link>
      )}
    </p>
  )
}
