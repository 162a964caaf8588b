import type { Event } from '@grandchat/contracts/realtime/events'
import type { Mutant } from './index.ts'
import { urlOf } from '../traffic.ts'
import { Stage } from './stage.ts'

/** Of four messages the first and the third are lost on the way, and the repair of the first is read before the third. */
export const versions: Mutant = {
  id: 'm5',
  title: "a window takes the highest version that was seen instead of its answer's end",
  expected: 'late',
  async run(hasBug) {
    const lossy = createLossy()
    const gate = createGate()
    const stage = await Stage.set({
      ...(hasBug && { clientBugs: ['highest version'] as const }),
      bob: { onEvent: lossy.onEvent, fetch: gate.fetch },
    })
    try {
      const first = await stage.annSends()
      await stage.until(() => stage.isShownTo(stage.bob, first))
      gate.close()
      for (const isLost of [true, false]) await stage.until(await sendOne(stage, lossy, isLost))
      await gate.hasAnswer()
      for (const isLost of [true, false]) await stage.until(await sendOne(stage, lossy, isLost))
      gate.open()
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** Resolves to whether its event came, and was lost or not. */
async function sendOne(stage: Stage, lossy: ReturnType<typeof createLossy>, isLost: boolean): Promise<() => boolean> {
  lossy.loses = isLost
  const key = await stage.annSends()
  return () => lossy.seen.has(key)
}

function createLossy() {
  const lossy = {
    loses: false,
    seen: new Set<string | null>(),
    onEvent: (event: Event, pass: (event: Event) => void) => {
      if (!lossy.loses || event.type !== 'message_added') pass(event)
      if (event.type === 'message_added') lossy.seen.add(event.body.client_message_id)
    },
  }
  return lossy
}

/** Holds back answers that tell what has changed. */
function createGate() {
  let opened: Promise<void> | undefined
  let open = () => {}
  let tell = () => {}
  const answered = new Promise<void>((resolve) => (tell = resolve))
  return {
    open: () => open(),
    close: () => void (opened = new Promise((resolve) => (open = resolve))),
    hasAnswer: () => answered,
    fetch:
      (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
      async (input, init) => {
        const response = await fetch(input, init)
        const isHeld = /\/changes\/$|\/api\/sync\/$/.test(urlOf(input).pathname)
        if (!isHeld) return response
        if (opened) tell()
        await opened
        return response
      },
  }
}
