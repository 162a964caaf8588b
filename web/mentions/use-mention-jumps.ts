import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import type { VirtualizerHandle } from 'virtua'
import type { RoomView, Timeline } from '@grandchat/client'
import { useClient } from '../client-context.tsx'
import type { Item } from '../messages/items.ts'

/** The run of seqs on screen. */
type Shown = { first: number; last: number }

type Options = {
  room: RoomView
  timeline: Timeline
  items: readonly Item[]
  list: RefObject<VirtualizerHandle | null>
  jumpTo: (messageId: number) => void
}

/**
 * Mentions that were unread when the room was opened, or came since, and were not on screen yet: how many are above and
 * below, and the way to the nearest of each.
 */
export function useMentionJumps({ room, timeline, items, list, jumpTo }: Options) {
  const { messages } = useClient()
  const [called, setCalled] = useState<ReadonlySet<number>>(new Set())
  const [seen, setSeen] = useState<ReadonlySet<number>>(new Set())
  const [shown, setShown] = useState<Shown>()
  const wanted = useRef<number>(undefined)
  const { unread_mentions: unread } = room
  if (unread.some((seq) => !called.has(seq))) setCalled(new Set([...called, ...unread]))

  /** After the list has moved or was drawn. */
  const look = () => {
    const now = shownIn(list.current, items)
    if (!now || (now.first === shown?.first && now.last === shown.last)) return
    setShown(now)
    const met = [...called].filter((seq) => seq >= now.first && seq <= now.last && !seen.has(seq))
    if (met.length > 0) setSeen(new Set([...seen, ...met]))
  }

  const left = shown ? [...called].filter((seq) => !seen.has(seq) && isThere(items, seq)) : []
  const above = left.filter((seq) => shown && seq < shown.first)
  const below = left.filter((seq) => shown && seq > shown.last)

  const { hasOlder, loadingOlder, olderFailed } = timeline
  const seek = () => {
    const { current: seq } = wanted
    if (seq === undefined) return
    const message = items.find((item) => item.message?.seq === seq)?.message
    if (!message && hasOlder && !olderFailed) {
      if (!loadingOlder) void messages.loadOlder(room.id)
      return
    }
    wanted.current = undefined
    if (message) jumpTo(message.id)
  }
  useEffect(seek)
  const goTo = (seq: number | undefined) => {
    wanted.current = seq
    seek()
  }
  return {
    look,
    above: above.length,
    below: below.length,
    goUp: () => goTo(Math.max(...above)),
    goDown: () => goTo(Math.min(...below)),
  }
}

/** Loaded and not deleted, or not loaded yet. */
function isThere(items: readonly Item[], seq: number): boolean {
  const first = items.find(({ message }) => message?.seq != null)?.message?.seq ?? 0
  return seq < first || items.some(({ kind, message }) => message?.seq === seq && kind === 'user')
}

function shownIn(list: VirtualizerHandle | null, items: readonly Item[]): Shown | undefined {
  if (!list || list.viewportSize === 0) return undefined
  const [from, to] = [list.findItemIndex(list.scrollOffset), list.findItemIndex(list.scrollOffset + list.viewportSize)]
  const seqs = items.slice(from, to + 1).flatMap(({ message }) => message?.seq ?? [])
  return seqs.length === 0 ? undefined : { first: Math.min(...seqs), last: Math.max(...seqs) }
}
