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
      const lost = await sendOne(stage, lossy, true)
      gate.close(lost.key)
      await stage.until(lost.hasCome)
      await stage.until((await sendOne(stage, lossy, false)).hasCome)
      await gate.hasAnswer()
      for (const isLost of [true, false]) await stage.until((await sendOne(stage, lossy, isLost)).hasCome)
      gate.open()
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** `hasCome`: its event did, and was lost or not. */
async function sendOne(stage: Stage, lossy: ReturnType<typeof createLossy>, isLost: boolean) {
  lossy.loses = isLost
  const key = await stage.annSends()
  return { key, hasCome: () => lossy.seen.has(key) }
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

/** Holds back the answers that bring one message; others, such as a sync that was on its way, do not count. */
function createGate() {
  let held: { key: string; opened: Promise<void> } | undefined
  let open = () => {}
  let tell = () => {}
  const answered = new Promise<void>((resolve) => (tell = resolve))
  return {
    open: () => open(),
    close(key: string) {
      held = { key, opened: new Promise((resolve) => (open = resolve)) }
    },
    hasAnswer: () => answered,
    fetch:
      (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
      async (input, init) => {
        const response = await fetch(input, init)
        const tells = /\/changes\/$|\/api\/sync\/$/.test(urlOf(input).pathname)
        if (!held || !tells || !(await response.clone().text()).includes(held.key)) return response
        tell()
        await held.opened
        return response
      },
  }
}
