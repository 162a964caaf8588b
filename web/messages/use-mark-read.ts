import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { RoomView } from '@grandchat/client'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import { useClient } from '../client-context.tsx'
import { lastSeqOf } from './items.ts'

const events = ['focus', 'blur'] as const

function subscribe(listener: () => void): () => void {
  for (const event of events) addEventListener(event, listener)
  document.addEventListener('visibilitychange', listener)
  return () => {
    for (const event of events) removeEventListener(event, listener)
    document.removeEventListener('visibilitychange', listener)
  }
}

/** Somebody is looking: the page is on screen and has the focus. */
export function useLooking(): boolean {
  return useSyncExternalStore(subscribe, () => document.visibilityState === 'visible' && document.hasFocus())
}

/** Whatever stands at the end of the list counts as read once somebody looks at it there. */
export function useMarkRead(room: RoomView, messages: readonly MessageRow[], atEnd: boolean): void {
  const { readMarkers } = useClient()
  const looking = useLooking()
  const seq = lastSeqOf(messages)
  const { id, read_seq: readSeq } = room
  const last = useRef({ id, readSeq, isHeld: false })
  useEffect(() => {
    const was = last.current
    // Marked as unread, here or on another device: it stays so until the reader goes away from the end, or reads on.
    const isHeld = atEnd && was.id === id && (readSeq < was.readSeq || (was.isHeld && readSeq === was.readSeq))
    last.current = { id, readSeq, isHeld }
    if (!isHeld && looking && atEnd && seq > readSeq) readMarkers.mark(id, seq)
  }, [readMarkers, id, seq, readSeq, looking, atEnd])
}
