import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createClient } from '../index.ts'
import { type Mutant, assertFound, loadMutant } from '../testing/mutants.ts'
import { simulateTabs } from '../testing/tab-simulation.ts'

const runs = 500
/** A planted bug may show in one of a thousand. */
const manyRuns = 6_000

test(`in ${runs} runs of tabs that share what they keep, none stays wrong, nor does one that begins with it`, async () => {
  for (let seed = 1; seed <= runs; seed++) assert.deepEqual(await simulateTabs(createClient, seed), [], `seed ${seed}`)
})

/** Bugs that the simulation must find, or it would prove nothing. */
const planted: Record<string, Mutant[]> = {
  'versions are stored before the rows that they vouch for': [
    {
      file: 'cache/keeper.ts',
      from: "const writing = storage.run('readwrite', (transaction) => writeCache(transaction, change))",
      to: `const empty = { rooms: [], names: [], windows: [], ownRows: [], threads: [], threadWindows: [] }
      const writing = storage
        .run('readwrite', (transaction) => writeCache(transaction, { ...change, changed: empty }))
        .then(() => storage.run('readwrite', (transaction) => writeCache(transaction, change)))`,
    },
  ],
  'a tab that has fallen behind takes rooms back': [
    { file: 'cache/write.ts', from: 'if (!stored) return mine', to: 'if (mine) return mine' },
  ],
  'the rows of one window are stored under the version of another': [
    {
      file: 'cache/write.ts',
      from: "transaction.put('windows', mine)",
      to: "transaction.put('windows', known ? { ...known, version: mine.version } : mine)",
    },
  ],
  'windows are kept over a change of the epoch': [
    { file: 'sync/engine.ts', from: '    setup.onForgotten()\n', to: '' },
  ],
  'names are not stored': [{ file: 'cache/write.ts', from: "transaction.put('names', mine)", to: 'void mine' }],
  'own rows are not stored': [{ file: 'cache/write.ts', from: "transaction.put('ownRows', mine)", to: 'void mine' }],
  'whatever is stored is taken for what this client began with': [
    { file: 'cache/read.ts', from: 'isReadable(state) && state.lineage === lineage', to: 'isReadable(state)' },
    { file: 'cache/write.ts', from: 'stored?.lineage === change.state.lineage', to: 'stored' },
  ],
  'own messages are taken for seen up to the version of the room': [
    { file: 'cache/records.ts', from: 'isOwnUnsure ? 0 : seen.version', to: 'room?.version ?? 0' },
  ],
}

describe('these runs find clients in which', () => {
  for (const [bug, mutants] of Object.entries(planted)) {
    test(bug, async () => {
      const mutant = await loadMutant(mutants)
      await assertFound((seed) => simulateTabs(mutant, seed), manyRuns)
    })
  }
})
