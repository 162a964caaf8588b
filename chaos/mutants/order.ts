import { useOwnClock } from '../own-clock.ts'
import { replaceInFunction } from './keys.ts'
import type { Mutant } from './index.ts'
import { Stage } from './stage.ts'

/** The server's clock steps back between two messages. */
export const order: Mutant = {
  id: 'm6',
  title: 'lists stand by the time of sending, as the clock of the moment has it',
  expected: 'reordered',
  async run(hasBug) {
    const stage = await Stage.set({
      ...(hasBug && { clientBugs: ['sorted by time'] as const }),
      async prepare(query) {
        await useOwnClock(query)
        const careful = `greatest(clock_timestamp(), r.bumped_at + interval '1 microsecond')`
        if (hasBug) await replaceInFunction(query, 'send_messages', careful, 'clock_timestamp()')
      },
    })
    try {
      const { installation } = stage
      await stage.annSends()
      await installation.query(`update chaos.clock set step = '-1 hour'`)
      await stage.annSends()
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}
