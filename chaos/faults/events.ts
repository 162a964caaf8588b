import { setTimeout as sleep } from 'node:timers/promises'
import { createSeeded } from '../../client/testing/seeded.ts'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { Fault } from './fault.ts'

/** So that the look at the head, once a minute, is not waited for. */
const quickPace = 10

export const eventFaults: readonly Fault[] = [
  {
    id: 'N13',
    title: 'single events lost on the way to some, the last before a silence too',
    personOptions(n, { seed }) {
      const seeded = createSeeded(seed + n)
      // Some lose everything: all that comes is what they ask for.
      const loss = n % 5 === 4 ? 1 : 0.1
      return { pace: quickPace, onEvent: (event, pass) => void (seeded.chance(loss) || pass(event)) }
    },
  },
  {
    id: 'N13p',
    title: 'publications that the hub never had, and nobody was told',
    personOptions: () => ({ pace: quickPace }),
    async inject({ installation: { backend }, seconds }) {
      for (let n = 0; n < seconds * 2; n++) {
        await backend.hinder('before publish', n % 2 === 0 ? 'skip' : 'fail')
        await sleep(500)
      }
      // The last of all.
      await backend.hinder('before publish', 'skip', 1_000)
      await sleep(500)
      await backend.order({ failpoint: 'before publish', action: 'off' })
    },
  },
  {
    id: 'N14',
    title: 'events three times, shuffled, and again long after',
    personOptions(n, { seed }) {
      const seeded = createSeeded(seed + n)
      const kept: Event[] = []
      return {
        onEvent(event, pass) {
          kept.push(event)
          for (let copy = 0; copy < 3; copy++) setTimeout(() => pass(event), seeded.below(500))
          // From long ago.
          if (seeded.chance(0.2)) pass(seeded.pick(kept))
        },
      }
    },
  },
]
