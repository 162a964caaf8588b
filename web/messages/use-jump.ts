import { useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { useClient } from '../client-context.tsx'
import { say } from '../locales/words.ts'
import { findThreadOf } from '../threads/find-thread-of.ts'
import { openThread } from '../threads/open-thread.ts'
import type { Cell } from '../ui/cell.ts'
import { toast } from '../ui/toast.tsx'
import type { Item } from './items.ts'
import type { Pointing } from './pointing.ts'

const flashMs = 2_000

type Options = {
  roomId: number
  items: readonly Item[]
  list: RefObject<VirtualizerHandle | null>
  pointing: Cell<Pointing>
  /** A message that was asked for before this list was there. */
  wanted: Cell<number | undefined>
}

/** Goes to a message: to its place if it is loaded, else to the messages around it; and says which one it is. */
export function useJump({ roomId, items, list, pointing, wanted }: Options): (messageId: number) => void {
  const { messages } = useClient()
  const latest = useRef(items)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const show = useCallback((): boolean => {
    const index = indexOf(latest.current, wanted.get())
    const item = latest.current[index]
    if (!item || !list.current) return false
    wanted.set(undefined)
    list.current.scrollToIndex(index, { align: 'center' })
    // Taken away first, so that a second jump to the same message is seen, too.
    pointing.set({ ...pointing.get(), flashed: undefined })
    pointing.set({ ...pointing.get(), flashed: item.key })
    clearTimeout(timer.current)
    timer.current = setTimeout(() => pointing.set({ ...pointing.get(), flashed: undefined }), flashMs)
    return true
  }, [list, pointing, wanted])

  useLayoutEffect(() => {
    latest.current = items
    show()
  }, [items, show])

  return useCallback(
    (messageId: number) => {
      wanted.set(messageId)
      if (show()) return
      void messages.openAt(roomId, messageId).then(async (outcome) => {
        if (outcome === 'shown') return
        wanted.set(undefined)
        const threadId = outcome === 'gone' ? await findThreadOf(messages, roomId, messageId) : undefined
        if (threadId !== undefined) return openThread(roomId, threadId)
        toast(say(outcome === 'gone' ? 'messages.gone' : 'messages.jump.failed'))
      })
    },
    [messages, roomId, show, wanted],
  )
}

/** Where a message is shown; -1 if it is not. */
export function indexOf(items: readonly Item[], messageId: number | undefined): number {
  if (messageId === undefined) return -1
  return items.findIndex(({ kind, message }) => kind === 'user' && message?.id === messageId)
}
