import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEnvironment } from '../environment.ts'
import { createSources } from '../source.ts'
import { createVirtualTime } from '../testing/virtual-time.ts'
import { createDrafts } from './drafts.ts'
import { type Wish, createOwnRows } from './own-rows.ts'

/** Drafts on a device whose wishes go nowhere until they are told to. */
function onDevice() {
  const time = createVirtualTime()
  const wishes: Wish[] = []
  const ownRows = createOwnRows({ source: createSources(assert.ifError), wishes: () => [], knownVersion: () => 0 })
  const drafts = createDrafts({
    environment: createEnvironment({ now: time.now, after: time.after }),
    ownRows,
    keep: (wish) => wishes.push(wish),
  })
  let version = 0
  return {
    time,
    wishes,
    ...drafts,
    written: () =>
      wishes.map(({ key, value }) => [
        key,
        typeof value === 'object' && value && 'content' in value ? value.content : null,
      ]),
    /** The server has taken all of it. */
    confirm: () => wishes.splice(0).forEach((wish) => ownRows.merge({ ...wish, own_version: ++version })),
    elsewhere: (key: string, content: string) =>
      ownRows.merge({ kind: 'draft', key, value: { content, updated_at: '' }, own_version: ++version }),
  }
}

test('what is typed within a second is written once, and shown here at once', async () => {
  const { methods, time, written } = onDevice()
  for (const text of ['h', 'he', 'hel']) methods.set(1, text)
  methods.set(1, 'in a thread', 7)
  assert.equal(methods.get(1).get(), 'hel')
  assert.deepEqual(written(), [])
  await time.pass(1_000)
  assert.deepEqual(written(), [
    ['1', 'hel'],
    ['1.7', 'in a thread'],
  ])
})

test('an emptied draft goes at once, and one that was never written needs no request', async () => {
  const { methods, time, written, confirm } = onDevice()
  methods.set(1, 'hello')
  methods.set(1, '')
  await time.pass(5_000)
  assert.deepEqual(written(), [])
  methods.set(1, 'hello')
  await time.pass(1_000)
  confirm()
  methods.set(1, '')
  assert.deepEqual(written(), [['1', null]])
})

test('a page that is put away writes what was typed', () => {
  const { methods, flush, written } = onDevice()
  methods.set(1, 'half a sent')
  flush()
  assert.deepEqual(written(), [['1', 'half a sent']])
})

test('what is being typed here stands before what comes from elsewhere, and is written after it', async () => {
  const { methods, time, written, elsewhere } = onDevice()
  methods.set(1, 'mine')
  elsewhere('1', 'theirs')
  assert.equal(methods.get(1).get(), 'mine')
  await time.pass(1_000)
  assert.deepEqual(written(), [['1', 'mine']])
})

test('what no server can keep stays here', async () => {
  const { methods, time, written } = onDevice()
  for (const text of ['x'.repeat(5_001), 'a\0b', '\ud800']) {
    methods.set(1, text)
    await time.pass(5_000)
    assert.equal(methods.get(1).get(), text)
  }
  assert.deepEqual(written(), [])
})
