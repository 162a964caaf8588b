import { useMemo, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import type { MessageView, RoomView } from '@grandchat/client'
import { useClient, useMe, useObservable } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { mayWrite } from '../rooms/may.ts'
import { RoomMark } from '../rooms/room-mark.tsx'
import { navigate, paths } from '../router.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { inputClasses } from '../ui/field.tsx'
import { toast } from '../ui/toast.tsx'
import { useRoving } from '../ui/use-roving.ts'
import { displayName } from '../users/names.ts'
import { usePreview } from './use-preview.ts'

/** Where to pass a message on to: one of one's own rooms. */
export default function ForwardDialog({ message, onClosed }: { message: MessageView; onClosed: () => void }) {
  const { messages } = useClient()
  const text = usePreview(message.content)
  const forward = (room: RoomView) => {
    try {
      messages.forward({ roomId: message.room_id, messageId: message.id }, room.id)
    } catch {
      // It was deleted while one was choosing.
      return toast(say('messages.gone'))
    }
    toast(say('forward.done', { room: room.title }), {
      label: say('forward.open'),
      run: () => navigate(paths.room(room.id)),
    })
  }
  return (
    <Dialog title={say('forward.title')} onClosed={onClosed}>
      {(close) => (
        <>
          <blockquote className="mb-4 border-s-2 border-line ps-3 text-meta text-soft">
            <bdi className="font-medium text-strong">{displayName(message.user)}</bdi>
            <p dir="auto" className="line-clamp-2 text-start wrap-anywhere">
              {text}
            </p>
          </blockquote>
          <Rooms
            onChoose={(room) => {
              close()
              forward(room)
            }}
          />
        </>
      )}
    </Dialog>
  )
}

function Rooms({ onChoose }: { onChoose: (room: RoomView) => void }) {
  const me = useMe()
  const { rooms } = useObservable(useClient().rooms.list)
  const [query, setQuery] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const wanted = query.trim().toLocaleLowerCase()
  const found = useMemo(
    () => rooms.filter((room) => mayWrite(room) && room.title.toLocaleLowerCase().includes(wanted)),
    [rooms, wanted],
  )
  const roving = useRoving(found[0] && String(found[0].id))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const [first] = found
    if (event.key === 'ArrowDown') list.current?.querySelector<HTMLElement>('[data-roving]')?.focus()
    else if (event.key === 'Enter' && first && query !== '') onChoose(first)
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        type="search"
        aria-label={say('forward.search')}
        placeholder={say('forward.search')}
        autoComplete="off"
        dir="auto"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={onKeyDown}
        className={`${inputClasses} text-start`}
      />
      <ul
        ref={list}
        {...roving.list}
        aria-label={say('forward.rooms')}
        // As high as all of them, so that nothing moves while one looks for one.
        style={{ blockSize: `min(${rooms.length * 3}rem, 20rem, 40dvh)` }}
        className="-mx-2 mt-2 overflow-y-auto overscroll-contain"
      >
        {found.map((room) => (
          <li key={room.id}>
            <button
              type="button"
              {...roving.item(String(room.id))}
              onClick={() => onChoose(room)}
              className="no-tap-zoom flex min-h-12 w-full items-center gap-2.5 rounded-control px-2 text-start outline-offset-[-2px] hover:bg-hover"
            >
              <RoomMark room={room} viewerId={me.id} />
              <bdi className="min-w-0 truncate">{room.title}</bdi>
            </button>
          </li>
        ))}
        {found.length === 0 && <li className="px-2 py-6 text-center text-meta text-soft">{say('forward.none')}</li>}
      </ul>
    </>
  )
}
