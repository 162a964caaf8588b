import type { ConnectionState as State } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { classes } from '../ui/classes.ts'
import { sayConnection } from './connection-words.ts'

/** Shape says what colour says: a full dot is live, a ring is on its way, a crossed ring is off. */
const marks: Record<State, string> = {
  live: 'bg-success',
  connecting: 'shadow-[inset_0_0_0_1.5px_var(--color-faint)]',
  polling: 'bg-warning',
  reconnecting: 'shadow-[inset_0_0_0_1.5px_var(--color-warning)]',
  offline: 'shadow-[inset_0_0_0_1.5px_var(--color-danger)]',
}

/** One quiet line below one's own name: how changes reach this device. */
export function ConnectionState() {
  const state = useObservable(useClient().connection)
  return (
    <output data-connection={state} className="flex min-w-0 items-center gap-1.5 text-soft">
      <span aria-hidden className={classes('size-2 shrink-0 rounded-full', marks[state])} />
      <span className="truncate rail:sr-only">{sayConnection(state)}</span>
    </output>
  )
}
