import { useMemo } from 'react'
import type { Client, RoomView } from '@grandchat/client'
import { useClient, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { navigate, parseRoute, paths } from '../router.tsx'
import { toast } from '../ui/toast.tsx'

type Closings = ReturnType<Client['sections']['closings']['get']>

/** A direct room that was put away, and in which nobody has written since. */
export function isClosed({ id, kind, last_seq }: RoomView, closings: Closings): boolean {
  return kind === 'direct' && last_seq <= (closings.get(id) ?? -1)
}

/** One's rooms without those that were put away: what one's list shows and what calls one. */
export function useShownRooms(): readonly RoomView[] {
  const client = useClient()
  const { rooms } = useObservable(client.rooms.list)
  const closings = useObservable(client.sections.closings)
  return useMemo(() => rooms.filter((room) => !isClosed(room, closings)), [rooms, closings])
}

/** Puts a direct room away at once; the way back is offered instead of a question before. */
export function closeDirect(client: Client, { id, last_seq, title }: RoomView): void {
  const route = parseRoute(location.pathname)
  const isHere = route.name === 'room' && route.roomId === id
  // Whoever opens it has it back: it is left first.
  if (isHere) navigate(paths.home)
  client.sections.close(id, last_seq)
  toast(say('direct.closed', { room: title }), {
    label: say('app.undo'),
    run() {
      client.sections.reopen(id)
      if (isHere) navigate(paths.room(id))
    },
  })
}

/** It was opened: from the switcher, by a person or a link. */
export function reopenDirect({ rooms, sections }: Client, roomId: number): void {
  const room = rooms.get(roomId).get()
  if (room && isClosed(room, sections.closings.get())) sections.reopen(roomId)
}
