import { useMemo } from 'react'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { classes } from '../ui/classes.ts'

/** On the corner of an avatar: filled for who is online, a ring for who is not, nothing while nobody knows. */
export function PresenceDot({ userId }: { userId: number }) {
  const { presence } = useClient()
  const isOnline = useObservable(useMemo(() => presence.get(userId), [presence, userId]))
  if (isOnline === undefined) return null
  return (
    <span
      className={classes(
        'absolute -end-0.5 -bottom-0.5 size-3 rounded-full border-2 border-page',
        isOnline ? 'bg-success' : 'bg-page shadow-[inset_0_0_0_1.5px_var(--color-edge)]',
      )}
    >
      <span className="sr-only">{say(isOnline ? 'presence.online' : 'presence.offline')}</span>
    </span>
  )
}
