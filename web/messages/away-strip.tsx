import { useEffect, useMemo, useState } from 'react'
import X from 'lucide-react/icons/x'
import type { RoomView, Timeline } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import { sayTime } from '../locales/times.ts'
import { say } from '../locales/words.ts'
import { markRoomRead } from '../rooms/mark-all-read.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { awayOf, returnTo } from './away.ts'
import type { Away } from './away.ts'
import { focusComposer } from './focus-composer.ts'

const shownUsers = 3

/** What came while one was away, as it was when the room was opened; undefined once it was put away. */
export function useAway(room: RoomView, timeline: Timeline): { away: Away | undefined; dismiss: () => void } {
  const [found, setFound] = useState(() => returnTo(room, timeline))
  const [isDismissed, setIsDismissed] = useState(false)
  const [now] = useState(() => Date.now())
  // Opened by its address, a room learns only later where its reader was.
  const late = found ?? returnTo(room, timeline)
  if (late !== found) setFound(late)
  const { messages, hasOlder } = timeline
  const away = useMemo(() => late && awayOf(late, { messages, hasOlder }, now), [late, messages, hasOlder, now])
  return { away: isDismissed ? undefined : away, dismiss: () => setIsDismissed(true) }
}

type AwayStripProps = { away: Away; room: RoomView; onJump: () => void; onDismiss: () => void }

/** Above a room of which one missed much: how much, since when, by whom, and what can be done about it. */
export function AwayStrip({ away, room, onJump, onDismiss }: AwayStripProps) {
  const client = useClient()
  const { users = [] } = away
  const leave = () => {
    onDismiss()
    focusComposer()
  }
  const markRead = () => {
    markRoomRead(client, room)
    leave()
  }
  return (
    <section aria-label={say('away.title')} className="appears shrink-0 border-b border-hairline bg-side">
      <div className="mx-auto flex w-full max-w-(--column-width) flex-wrap items-center gap-x-2 gap-y-1 px-5 py-1.5 max-wide:px-4">
        {users.length > 0 && (
          <span className="flex -space-x-1.5 rtl:space-x-reverse">
            {users.slice(0, shownUsers).map((user) => (
              <Avatar key={user.id} user={user} size={20} className="shadow-[0_0_0_2px_var(--color-side)]" />
            ))}
          </span>
        )}
        <p className="figures min-w-40 flex-1 text-meta text-pretty">
          <Facts away={away} />
        </p>
        <span className="flex items-center max-wide:-mx-3 max-wide:w-full">
          <Button small look="quiet" onClick={onJump}>
            {say('away.jump')}
          </Button>
          {room.unread > 0 && (
            <Button small look="quiet" onClick={markRead}>
              {say('away.mark')}
            </Button>
          )}
          <IconButton label={say('away.dismiss')} className="max-wide:ms-auto" onClick={leave}>
            <X size={16} aria-hidden />
          </IconButton>
        </span>
      </div>
      <Announced away={away} />
    </section>
  )
}

function factsOf({ count, since, mentions, users }: Away): string[] {
  return [
    since === undefined ? say('away.count', { count }) : say('away.count.since', { count, time: sayTime(since) }),
    ...(mentions ? [say('away.mentions', { count: mentions })] : []),
    ...(users && users.length > 1 ? [say('away.people', { count: users.length })] : []),
  ]
}

function Facts({ away }: { away: Away }) {
  const [first, ...others] = factsOf(away)
  return (
    <>
      <span className="font-medium">{first}</span>
      {others.map((fact) => (
        <span key={fact} className="text-soft">
          {' · '}
          {fact}
        </span>
      ))}
    </>
  )
}

/** Read out once: what is said into a region that was there before. */
function Announced({ away }: { away: Away }) {
  const [text, setText] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setText((said) => said || factsOf(away).join(', ')))
    return () => clearTimeout(timer)
  }, [away])
  return (
    <span aria-live="polite" className="sr-only">
      {text}
    </span>
  )
}
