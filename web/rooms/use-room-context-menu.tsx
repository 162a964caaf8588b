import { Suspense, useState } from 'react'
import type { MouseEvent, ReactNode } from 'react'
import type { RoomView } from '@grandchat/client'
import { lazyPart } from '../parts.ts'
import { isFocusLost } from '../ui/use-kept-focus.ts'

const RoomContextMenu = lazyPart(() => import('./room-context-menu.tsx'))

type Asked = { roomId: number; x: number; y: number; row: HTMLElement }

/** The menu of a room on a right click, a long press or the menu key; with Shift the browser's own comes. */
export function useRoomContextMenu(rooms: readonly RoomView[]): {
  onContextMenu: (event: MouseEvent) => void
  menu: ReactNode
} {
  const [asked, setAsked] = useState<Asked>()
  const room = rooms.find(({ id }) => id === asked?.roomId)
  const close = () => {
    setAsked(undefined)
    requestAnimationFrame(() => isFocusLost() && asked?.row.focus())
  }
  return {
    onContextMenu(event) {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-room-id]') : null
      const found = rooms.find(({ id }) => String(id) === row?.dataset['roomId'])
      if (!row || !found || event.shiftKey) return
      event.preventDefault()
      setAsked({ roomId: found.id, x: event.clientX, y: event.clientY, row })
    },
    menu: asked && room && (
      <Suspense>
        <RoomContextMenu key={`${asked.x} ${asked.y}`} room={room} x={asked.x} y={asked.y} onClose={close} />
      </Suspense>
    ),
  }
}
