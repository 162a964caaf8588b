import type { Mutant } from './index.ts'
import { urlOf } from '../traffic.ts'
import { Stage } from './stage.ts'

/** Three messages are written at once, and all answers to what was sent for them come at once. */
export const queue: Mutant = {
  id: 'm4',
  title: "the seed's queue, which starts again at every change and drops what stands first",
  expected: 'lost',
  async run(hasBug) {
    const stage = await Stage.set({
      ...(hasBug && { clientBugs: ['queue of the seed'] as const }),
      // Nothing but the answers tells Ann what has arrived.
      ann: { fetch: answerTogether, onEvent: () => {} },
    })
    try {
      const keys = [1, 2, 3].map(() => stage.ann.write(stage.room)!)
      await stage.until(() => stage.isAnswered(keys[0]!))
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Holds the answers to sends until none that was begun is without one; then all come in one turn. */
function answerTogether(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  const unanswered = new Set<object>()
  let waiting: (() => void)[] = []
  return async (input, init = {}) => {
    const isSend = init.method === 'POST' && urlOf(input).pathname.endsWith('/messages/')
    if (!isSend) return fetch(input, init)
    const asked = {}
    unanswered.add(asked)
    try {
      // What is let go of in the turn in which it was begun is not sent at all.
      for (let n = 0; n < 3; n++) await turn()
      return await fetch(input, init)
    } finally {
      unanswered.delete(asked)
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        if (unanswered.size > 0) return
        for (const answer of waiting) answer()
        waiting = []
      })
    }
  }
}
