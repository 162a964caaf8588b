import { useEffect, useRef } from 'react'
import type { MouseEvent, PointerEvent } from 'react'
import { pointAt } from './pointing.ts'
import type { ConversationActs } from './pointing.ts'

const longPressMs = 450
/** A finger that moved further than this scrolls. */
const stillPx = 10

/** The pointer over messages: a mouse shows what can be done, so does a tap; a long press opens the menu. */
export function useMessagePointer(conversation: ConversationActs) {
  const press = useRef<Press>(undefined)
  const last = useRef({ x: NaN, y: NaN })
  const endPress = () => {
    clearTimeout(press.current?.timer)
    press.current = undefined
  }
  useEffect(() => () => clearTimeout(press.current?.timer), [])

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'mouse') {
      const from = press.current
      if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > stillPx) endPress()
      return
    }
    // Rows that scroll past a pointer at rest are not pointed at.
    const { clientX: x, clientY: y } = event
    if (x !== last.current.x || y !== last.current.y) pointAt(conversation, { hovered: keyAt(event) })
    last.current = { x, y }
  }
  const onPointerLeave = (event: PointerEvent) => {
    if (event.pointerType === 'mouse') pointAt(conversation, { hovered: undefined })
  }
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    endPress()
    const key = keyAt(event)
    if (event.pointerType === 'mouse' || key === undefined || isForItself(event)) return
    const open = () => {
      endPress()
      pointAt(conversation, { hovered: key, popup: { key, name: 'menu' } })
    }
    press.current = { key, x: event.clientX, y: event.clientY, timer: setTimeout(open, longPressMs) }
  }
  const onPointerUp = () => {
    const key = press.current?.key
    endPress()
    if (key === undefined) return
    pointAt(conversation, { hovered: conversation.pointing.get().hovered === key ? undefined : key })
  }
  /** The browser's own long press would open a second menu. */
  const onContextMenu = (event: MouseEvent) => {
    const { nativeEvent } = event
    if ('pointerType' in nativeEvent && nativeEvent.pointerType === 'touch' && keyAt(event) !== undefined) {
      event.preventDefault()
    }
  }
  return { onPointerMove, onPointerLeave, onPointerDown, onPointerUp, onPointerCancel: endPress, onContextMenu }
}

type Press = { key: string; x: number; y: number; timer: ReturnType<typeof setTimeout> }

function keyAt({ target }: MouseEvent): string | undefined {
  return target instanceof Element ? target.closest<HTMLElement>('article[data-key]')?.dataset.key : undefined
}

/** Links, buttons and fields know themselves what to do with a press. */
function isForItself({ target }: MouseEvent): boolean {
  return target instanceof Element && target.closest('a, button, textarea, summary') !== null
}
