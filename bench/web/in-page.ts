/** What runs in the page itself: each function stands alone, for it is sent there as text. */

/** Milliseconds from choosing a room in the sidebar until the frame that shows its newest message is painted. */
export async function switchRoom({ id, lastMessageId }: { id: number; lastMessageId: number }): Promise<number> {
  const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()))
  const painted = () => new Promise<void>((resolve) => setTimeout(resolve))
  const link = document.querySelector<HTMLElement>(`a[data-room-id="${id}"]`)
  if (!link) throw new Error(`room ${id} is not in the sidebar`)
  const startedAt = performance.now()
  link.click()
  while (!document.querySelector(`[data-message-id="${lastMessageId}"]`)) {
    if (performance.now() - startedAt > 10_000) throw new Error(`room ${id} was not shown within ten seconds`)
    await frame()
  }
  // It was found before a frame is painted: what comes after that frame, comes after it was seen.
  await painted()
  return performance.now() - startedAt
}

export type Scrolled = {
  /** By how many pixels, in each step, what was being read moved other than by the scrolling itself. */
  jumps: number[]
  /** Between frames, in milliseconds. */
  frames: number[]
  seen: number
}

/**
 * Scrolls by `px` a step and looks where a message that stays on screen went. With `ready`, before each step there are rows
 * so many pixels beyond the edge, and nothing has moved for five frames: a machine may be slow, but nobody outruns it.
 */
export async function scrollBy({ px, steps, ready }: { px: number; steps: number; ready?: number }): Promise<Scrolled> {
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve))
  const messages = () => [...document.querySelectorAll<HTMLElement>('[data-message-id]')]
  let box = messages()[0]?.parentElement
  while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement
  if (!box) throw new Error('nothing scrolls')
  const { top, bottom } = box.getBoundingClientRect()
  const scrolled: Scrolled = { jumps: [], frames: [], seen: 0 }
  const seen = new Set<string>()
  const rest = async (beyond: number) => {
    const rows = () => messages().map((element) => element.getBoundingClientRect())
    const look = () =>
      rows()
        .map((row) => `${row.top} ${row.bottom}`)
        .join()
    const isReady = () => rows().some((row) => (px < 0 ? row.bottom < top - beyond : row.top > bottom + beyond))
    for (let still = 0, last = look(); still < 5 || !isReady();) {
      await frame()
      const now = look()
      still = now === last ? still + 1 : 0
      last = now
    }
  }
  for (let step = 0; step < steps; step++) {
    if (ready !== undefined) await rest(ready)
    const inView = messages().filter((element) => {
      const at = element.getBoundingClientRect()
      seen.add(element.dataset['messageId'] ?? '')
      return at.bottom > top + Math.max(0, px) && at.top < bottom + Math.min(0, px)
    })
    const mark = inView[0]
    // Nothing stays on screen: an end of the room.
    if (!mark) break
    const id = mark.dataset['messageId']
    const before = mark.getBoundingClientRect().top
    const from = box.scrollTop
    box.scrollBy(0, px)
    // What the list could not follow, at an end of what is loaded, is not asked of it.
    const moved = box.scrollTop - from
    let last = await frame()
    for (let i = 0; i < 6; i++) {
      const now = await frame()
      scrolled.frames.push(now - last)
      last = now
    }
    const after = document.querySelector(`[data-message-id="${id}"]`)?.getBoundingClientRect().top
    if (after !== undefined) scrolled.jumps.push(Math.abs(after - (before - moved)))
  }
  scrolled.seen = seen.size
  return scrolled
}
