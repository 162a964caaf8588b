import { setTimeout as sleep } from 'node:timers/promises'
import type { Place } from '../place.ts'
import type { Fault } from './fault.ts'

export const networkFaults: readonly Fault<Place>[] = [
  {
    id: 'N15',
    title: 'all connections reset, again and again',
    async inject({ scene, seconds }) {
      for (let n = 0; n < 20; n++) {
        for (const network of scene.networks) network.reset()
        await sleep((seconds * 1_000) / 20)
      }
    },
  },
  {
    id: 'N16',
    title: 'black hole, in one direction, then in the other, then both',
    async inject({ scene, seconds }) {
      for (const blackhole of ['up', 'down', 'both'] as const) {
        const some = scene.networks.filter((_, n) => n % 2 === 0)
        for (const network of some) network.set({ blackhole })
        await sleep((seconds * 1_000) / 3)
        // One may not come back to a connection that the other side has forgotten.
        for (const network of some.slice(0, 3)) network.halfOpen()
        for (const network of some) network.heal()
      }
    },
  },
  {
    id: 'N17',
    title: '300 ms, 32 kB/s and resets now and then',
    async inject({ scene, seconds, seeded }) {
      for (const network of scene.networks) network.set({ latencyMs: 300, bytesPerSecond: 32_000 })
      for (let n = 0; n < seconds * 2; n++) {
        for (const network of scene.networks) if (seeded.chance(0.05)) network.reset()
        await sleep(500)
      }
      for (const network of scene.networks) network.heal()
    },
  },
  {
    id: 'N18',
    title: 'every other answer to a send cut after the server has had it',
    async inject({ scene, seconds, seeded }) {
      const isSend = (request: string) => /^POST \/api\/rooms\/\d+\/messages\//.test(request)
      for (const network of scene.networks) {
        network.set({ cutAnswer: (request) => isSend(request) && seeded.chance(0.5) })
      }
      await sleep(seconds * 1_000)
      for (const network of scene.networks) network.heal()
    },
    verify: ({ scene }) => (scene.networks.some(({ cuts }) => cuts > 0) ? undefined : 'no answer was cut'),
  },
  {
    id: 'N19',
    title: 'some stop reading',
    async inject({ scene, seconds }) {
      const slow = scene.networks.slice(0, Math.ceil(scene.networks.length / 5))
      for (const network of slow) network.set({ blackhole: 'down' })
      await sleep(seconds * 1_000)
      for (const network of slow) network.heal()
    },
    perSecond: 60,
  },
  {
    id: 'N20',
    title: 'everybody drops at once, and nobody is let in for a moment',
    async inject({ scene, seconds }) {
      for (let n = 0; n < Math.max(1, seconds / 4); n++) {
        for (const network of scene.networks) network.set({ isRefusing: true })
        for (const network of scene.networks) network.reset()
        await sleep(1_500)
        for (const network of scene.networks) network.heal()
        await sleep(1_500)
      }
    },
  },
]
