import { useMemo } from 'react'
import type { User } from '@grandchat/contracts/users/schema'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { displayName } from '../users/names.ts'

/** Who is writing, between the conversation and the composer. Its place is kept free, so that nothing moves. */
export function TypingLine({ roomId, threadId }: { roomId: number; threadId?: number }) {
  const { typing } = useClient()
  const typists = useObservable(useMemo(() => typing.in(roomId, threadId), [typing, roomId, threadId]))
  return (
    <p
      data-testid={threadId === undefined ? 'typing' : 'typing-in-thread'}
      // Read out on demand alone: it changes all the time.
      aria-live="off"
      className="-mb-1.5 h-4.5 w-full shrink-0 self-center truncate px-6 text-meta text-soft max-wide:px-4 wide:max-w-(--column-width)"
    >
      {typists.length > 0 && (
        <span className="appears inline-flex max-w-full items-center gap-1.5">
          <span aria-hidden className="typing-dots" />
          <bdi className="truncate">{sayTyping(typists)}</bdi>
        </span>
      )}
    </p>
  )
}

function sayTyping([first, second, ...more]: readonly User[]): string {
  if (!first) return ''
  if (!second) return say('typing.one', { name: displayName(first) })
  if (more.length > 0) return say('typing.many')
  return say('typing.two', { first: displayName(first), second: displayName(second) })
}
