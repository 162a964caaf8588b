import { setTimeout as sleep } from 'node:timers/promises'
import type { FailpointName } from '../plants.ts'
import type { Fault, Field } from './fault.ts'

/** Kills the backend at a failpoint, and starts it again after a moment; as often as there is time. */
function killedAt(id: string, title: string, failpoint: FailpointName, ms = 0): Fault {
  return {
    id,
    title,
    async inject({ installation: { backend }, seconds, seeded }) {
      const rounds = Math.max(1, Math.floor(seconds / 3))
      for (let n = 0; n < rounds; n++) {
        await backend.killAt(failpoint, { after: 3 + seeded.below(10), ms })
        await backend.ended
        await sleep(200 + seeded.below(300))
        await backend.start()
        await sleep(1_000)
      }
    },
    verify: ({ installation: { backend } }) =>
      backend.passed.includes(failpoint) ? undefined : `nothing passed "${failpoint}"`,
  }
}

async function killBackend({ installation: { backend }, seeded }: Field): Promise<void> {
  await backend.kill()
  await sleep(seeded.below(500))
  await backend.start()
}

export const processFaults: readonly Fault[] = [
  killedAt('N1', 'backend killed between INSERT and COMMIT', 'before commit'),
  killedAt('N2', 'backend killed after COMMIT, before the answer', 'after commit'),
  killedAt('N3', 'backend killed after COMMIT, before the publication', 'before publish', 50),
  killedAt('N4', 'backend killed when half of the members were told', 'mid broadcast', 20),
  {
    id: 'N5',
    title: 'events published twice: killed after the publication, and what followed it again',
    personOptions: () => ({
      onEvent(event, pass) {
        pass(event)
        setTimeout(() => pass(event), 200)
      },
    }),
    inject: killBackend,
  },
  {
    id: 'N10',
    title: 'backend with its hub stopped (SIGSTOP) for a while',
    async inject({ installation: { backend }, seconds }) {
      backend.signal('SIGSTOP')
      await sleep(Math.min(20, Math.max(4, seconds / 2)) * 1_000)
      backend.signal('SIGCONT')
      await backend.ready()
    },
  },
  {
    id: 'N11',
    title: 'hub killed with its memory, again and again',
    async inject(field) {
      for (let n = 0; n < Math.max(3, field.seconds / 2); n++) {
        await killBackend(field)
        await sleep(300 + field.seeded.below(1_000))
      }
    },
  },
  {
    id: 'N23',
    title: 'restarts as people do them',
    async inject({ installation: { backend }, seconds }) {
      for (let n = 0; n < Math.max(2, seconds / 4); n++) {
        await backend.stop()
        await backend.start()
        await sleep(500)
      }
    },
  },
]
