import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterwards } from '../server/testing/afterwards.ts'
import { createTestDatabase } from '../server/testing/database.ts'
import { createSeeded } from '../client/testing/seeded.ts'
import type { Fault } from './faults/fault.ts'
import { faults, findFaults } from './faults/index.ts'
import { largeFaultsOf, missingFaults } from './faults/large.ts'
import { Installation } from './installation.ts'
import { runRound } from './round.ts'

/** Many at once, each for a moment. */
const everything: Fault = {
  id: 'all',
  title: 'answers cut, events lost and repeated, connections reset, the backend killed',
  personOptions(n, { seed }) {
    const seeded = createSeeded(seed + n)
    return {
      pace: 10,
      onEvent(event, pass) {
        if (seeded.chance(0.05)) return
        pass(event)
        if (seeded.chance(0.1)) pass(event)
      },
    }
  },
  async inject({ installation: { backend }, scene, seeded }) {
    for (const network of scene.networks) {
      network.set({ cutAnswer: (request) => request.startsWith('POST /api/rooms/') && seeded.chance(0.2) })
    }
    await backend.killAt('after commit', { after: 3 })
    await backend.ended
    await backend.start()
    await backend.hinder('before publish', 'skip', 3)
    for (const network of scene.networks) network.reset()
    await sleep(500)
    await backend.killAt('before publish', { after: 3, ms: 20 })
    await backend.ended
    await backend.start()
    await sleep(500)
    for (const network of scene.networks) network.heal()
  },
}

test('whatever fails, nothing is lost, doubled, moved, out of order, leaked or miscounted', async (t) => {
  const database = await createTestDatabase()
  afterwards(t, () => database.drop())
  const settings = { LARGE_ROOM_MEMBERS: '5' }
  const bugs = ['short leases'] as const
  const installation = await Installation.start({ databaseUrl: database.url, settings, bugs })
  afterwards(t, () => installation.stop())
  const options = { installation, fault: everything, seed: 1, name: 'ci', seconds: 2, people: 8, perSecond: 15 }
  const { verdict, history, convergedMs, trouble } = await runRound(options)
  assert.deepEqual({ offences: verdict.offences, trouble }, { offences: [], trouble: undefined })
  assert.ok(verdict.acknowledged > 0)
  assert.ok(history.entries.some((entry) => entry.f === 'act' && entry.type === 'ok'))
  assert.ok(convergedMs !== undefined)
})

test('faults have names of their own, and those that cannot be had are refused', () => {
  for (const all of [faults, largeFaultsOf('api'), largeFaultsOf('outbox'), largeFaultsOf('api_cdc')]) {
    const ids = [...all, ...missingFaults].map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
  }
  assert.deepEqual(
    findFaults(['N1', 'N6']).map(({ id }) => id),
    ['N1', 'N6'],
  )
  assert.throws(() => findFaults(['N12']), /needs real Centrifugo on Redis/)
  assert.throws(() => findFaults(['N99']), /There is no fault N99/)
})
