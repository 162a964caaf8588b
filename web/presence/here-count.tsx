import { useMemo } from 'react'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'

/** How many look at the room just now. Alone one knows it. */
export function HereCount({ roomId }: { roomId: number }) {
  const { presence } = useClient()
  const count = useObservable(useMemo(() => presence.here(roomId), [presence, roomId]))
  if (count === undefined || count < 2) return null
  return (
    <span
      title={say('presence.here.hint', { count })}
      className="figures appears hidden shrink-0 items-center gap-1.5 px-1 text-meta text-soft wide:inline-flex"
    >
      <span aria-hidden className="size-2 rounded-full bg-success" />
      {say('presence.here', { count })}
    </span>
  )
}
