import type { RoomView } from '@grandchat/client'
import { say } from '../locales/words.ts'
import { countCalls, isQuiet } from '../rooms/attention.ts'
import { sayUnread } from '../rooms/unread-badge.tsx'
import { classes } from '../ui/classes.ts'

/**
 * How often somebody was called in a room, or else, quietly, how much is unread. A muted room tells of calls alone, as
 * quietly.
 */
export function RoomBadge({ id, room }: { id: string; room: RoomView }) {
  const calls = countCalls(room)
  const unread = room.muted ? 0 : room.unread
  const mentions = room.unread_mentions.length
  if (calls === 0 && unread === 0) return null
  const isLoud = calls > 0 && !isQuiet(room)
  return (
    <span id={id} data-calls={calls} className="contents">
      <span
        aria-hidden
        className={classes(
          'figures flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full px-1.25 text-tiny font-semibold rail:absolute rail:end-0.5 rail:-top-0.5 rail:shadow-[0_0_0_2px_var(--color-side)]',
          isLoud ? 'bg-accent text-on-accent' : 'bg-line text-strong',
        )}
      >
        {sayUnread(calls > 0 ? calls : unread)}
      </span>
      <span className="sr-only">
        {unread > 0 && say('rooms.unread', { count: unread })}
        {unread > 0 && mentions > 0 && ', '}
        {mentions > 0 && say('rooms.mentions', { count: mentions })}
      </span>
    </span>
  )
}
