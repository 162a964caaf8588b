import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createClient } from '../index.ts'
import { type Mutant, assertFound, loadMutant } from '../testing/mutants.ts'
import { simulate } from '../testing/simulation.ts'

const runs = 3_000
const runsOfRunning = 500
/** A planted bug may show in one of a thousand. */
const manyRuns = 5_000
/** Some show in one of thousands: their search begins shortly before they do. */
const firstSeeds: Record<string, number> = {
  'an older page is not replayed over': 5_200,
  'the later row wins, whatever its version': 4_100,
  'the later mark of a member wins, whatever its version': 9_100,
  'what hangs on messages is not replayed over a page': 5_200,
  'mentions that a marker brought back are not asked for': 31_500,
  'the later row of a mention wins, whatever its version': 200,
}

test(`after ${runs} runs over a bad network, one look at the head leaves nothing stale`, async () => {
  for (let seed = 1; seed <= runs; seed++) {
    assert.deepEqual(await simulate(createClient, seed), [], `seed ${seed}`)
  }
})

test(`${runsOfRunning} more in which rooms are renamed, archived and restored leave nothing stale either`, async () => {
  for (let seed = 1; seed <= runsOfRunning; seed++) {
    assert.deepEqual(await simulate(createClient, seed, { isRun: true }), [], `seed ${seed}`)
  }
})

/** Bugs that the simulation must find, or it would prove nothing. */
const planted: Record<string, Mutant[]> = {
  'pages and repairs of a room run side by side, and pages are not replayed over': [
    {
      file: 'sync/lanes.ts',
      from: 'const before = tails.get(roomId) ?? Promise.resolve()',
      to: 'const before = Promise.resolve()',
    },
    { file: 'messages/run.ts', from: 'if (!missed) return false', to: '' },
    { file: 'messages/run.ts', from: 'for (const change of missed) mergeRows(run, change)', to: '' },
  ],
  'an older page is not replayed over': [
    { file: 'messages/run.ts', from: 'if (!missed) return false', to: '' },
    { file: 'messages/run.ts', from: 'for (const change of missed) mergeRows(run, change)', to: '' },
  ],
  'pages and repairs of a room run side by side': [
    {
      file: 'sync/lanes.ts',
      from: 'const before = tails.get(roomId) ?? Promise.resolve()',
      to: 'const before = Promise.resolve()',
    },
  ],
  'the version of a window is the highest seen': [
    {
      file: 'messages/run.ts',
      from: '  advance(run)\n}\n\nexport function advance',
      to: `  if (!run.isLoaded) return
  mergeRows(run, change)
  run.version = Math.max(run.version, change.version)
}

export function advance`,
    },
  ],
  'a page moves the version of its window': [
    {
      file: 'messages/run.ts',
      from: '  for (const change of missed)',
      to: '  run.version = Math.max(run.version, page.version)\n  for (const change of missed)',
    },
  ],
  'the later row wins, whatever its version': [
    { file: 'messages/run.ts', from: 'version > known)', to: 'version !== known)' },
  ],
  'the later mark of a member wins, whatever its version': [
    {
      file: 'messages/run.ts',
      from: 'put(run.members, row.user.id, row)',
      to: 'run.members.set(row.user.id, row)',
    },
  ],
  'nothing looks at the head': [
    {
      file: 'sync/engine.ts',
      from: '(isDue || !isConfirmed ? sync() : checkHead())',
      to: '(isDue ? sync() : Promise.resolve())',
    },
  ],
  'own messages seen past a gap are not missed': [
    {
      file: 'rooms/entry.ts',
      from: 'Math.min(entry.room?.version ?? 0, entry.seen.version)',
      to: '(entry.room?.version ?? 0)',
    },
  ],
  'the later own row wins, whatever its version': [
    { file: 'rooms/rooms.ts', from: 'if (!isNewerOwn(row, known)) return', to: '' },
    { file: 'sync/apply-event.ts', from: 'if (!own.arrive(user_version)) return', to: 'own.arrive(user_version)' },
  ],
  'what hangs on messages is not replayed over a page': [
    {
      file: 'messages/run.ts',
      from: 'for (const change of missed) mergeRows(run, change)',
      to: 'for (const { messages } of missed) mergeRows(run, { messages, reactions: [], pins: [], threads: [] })',
    },
  ],
  'an answer to what was done moves the version of its window': [
    {
      file: 'conversations.ts',
      from: '    windows.mergeRows(room.id, rows)\n',
      to: `    windows.mergeRows(room.id, rows)
    const window = windows.get(room.id)?.window
    if (window?.isLoaded) window.version = Math.max(window.version, room.version)
`,
    },
  ],
  'a run in the middle of a room takes in whatever is sent': [
    { file: 'messages/window.ts', from: ' && id <= window.high', to: '' },
  ],
  'single messages are not fetched again when events are missing': [
    { file: 'messages/beside.ts', from: 'if (isBehind(place)) forgetCurrent(place)', to: '' },
  ],
  'what was done is not stored': [
    { file: 'actions/queue.ts', from: 'storage.actions.add(item.action, replaces)', to: 'Promise.resolve(replaces)' },
  ],
  'the later row of the own state wins, whatever its version': [
    { file: 'own-rows/own-rows.ts', from: 'if ((rows.get(id)?.own_version ?? -1) >= row.own_version) return', to: '' },
    { file: 'sync/apply-event.ts', from: 'if (!own.arrive(user_version)) return', to: 'own.arrive(user_version)' },
  ],
  'own rows of a sync are dropped': [
    { file: 'sync/engine.ts', from: 'ownRows.mergeAnswer(answer.own, answer.user_version)', to: '' },
  ],
  'who is mentioned is not looked for in events': [
    {
      file: 'rooms/rooms.ts',
      from: '      hear(entry, messages)\n      entry.seen.arrive(version)',
      to: '      entry.seen.arrive(version)',
    },
  ],
  'an answer about mentions takes back what came after it': [
    { file: 'mentions/known.ts', from: 'others.length === 0 ? base : others.reduce(hear, base)', to: 'base' },
  ],
  'mentions that a marker brought back are not asked for': [
    { file: 'rooms/rooms.ts', from: '!mayMissMentions(mentions, storedPosition(entry, own))', to: 'true' },
  ],
  'the later row of a mention wins, whatever its version': [
    { file: 'mentions/known.ts', from: 'if (known && known.version >= heard.version) return mentions', to: '' },
    { file: 'mentions/known.ts', from: 'if (heard.version <= mentions.version) return mentions', to: '' },
  ],
  'a summary moves with events alone': [
    { file: 'sync/engine.ts', from: 'rooms.mergeReadRoom(room)', to: 'rooms.noteHead(room.id, room.version)' },
  ],
}

describe('the simulation finds a client in which', () => {
  for (const [bug, mutants] of Object.entries(planted)) {
    test(bug, async () => {
      const mutant = await loadMutant(mutants)
      await assertFound((seed) => simulate(mutant, seed), manyRuns, firstSeeds[bug])
    })
  }
})
