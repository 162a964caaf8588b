import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { sayUnread } from '../rooms/unread-badge.tsx'

/** How many of the threads that one follows have something new. */
export function UnreadThreads() {
  const count = useObservable(useClient().threads.unread)
  if (count === 0) return null
  return (
    <span
      data-unread={count}
      className="figures ms-auto flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full bg-accent px-1.25 text-tiny font-semibold text-on-accent rail:absolute rail:end-0.5 rail:-top-0.5"
    >
      <span aria-hidden>{sayUnread(count)}</span>
      <span className="sr-only">{say('threads.unread', { count })}</span>
    </span>
  )
}
