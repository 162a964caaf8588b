import type { RoomView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { countCalls, isQuiet } from '../rooms/attention.ts'
import { sayUnread } from '../rooms/unread-badge.tsx'
import { classes } from '../ui/classes.ts'

const place = 'rail:absolute rail:end-0.5 rail:shadow-[0_0_0_2px_var(--color-side)]'

/**
 * How often somebody was called in a room. That something else is unread its name says; where there is no room for names,
 * a dot.
 */
export function RoomBadge({ id, room }: { id: string; room: RoomView }) {
  const count = countCalls(room)
  const unread = room.muted ? 0 : room.unread
  const mentions = room.unread_mentions.length
  if (count === 0 && unread === 0) return null
  return (
    <span id={id} data-calls={count} className="contents">
      {count > 0 ? (
        <span
          aria-hidden
          className={classes(
            'figures flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full px-1.25 text-tiny font-semibold rail:-top-0.5',
            place,
            isQuiet(room) ? 'bg-line text-strong' : 'bg-accent text-on-accent',
          )}
        >
          {sayUnread(count)}
        </span>
      ) : (
        <span aria-hidden className={classes('hidden size-2.5 rounded-full bg-accent rail:top-1 rail:block', place)} />
      )}
      <span className="sr-only">
        {unread > 0 && say('rooms.unread', { count: unread })}
        {unread > 0 && mentions > 0 && ', '}
        {mentions > 0 && say('rooms.mentions', { count: mentions })}
      </span>
    </span>
  )
}
