import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CacheStorage } from '../storage/cache-storage.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import { MemoryCache } from '../testing/memory-cache.ts'
import { settle } from '../testing/virtual-time.ts'
import { writeCache } from './write.ts'

/** Counts what is written. */
function counting(cache: CacheStorage): CacheStorage & { writes: number } {
  const counted = {
    writes: 0,
    run(mode, work) {
      if (mode === 'readwrite') counted.writes++
      return cache.run(mode, work)
    },
  } as CacheStorage & { writes: number }
  return counted
}

const startWith = (cache: CacheStorage) => startFixture({ options: { storage: { ...createMemoryStorage(), cache } } })

test('what happens within a second is written together, and a silence writes nothing', async () => {
  const cache = counting(new MemoryCache())
  const { client, model, time } = await startWith(cache)
  // That they have arrived is news a moment later.
  model.tellsReceipts = false
  client.messages.open(1)
  await time.pass(5_000)
  cache.writes = 0
  for (let n = 0; n < 50; n++) model.send(bob, 1, `message ${n}`)
  await time.pass(2_000)
  assert.equal(cache.writes, 1)
  await time.pass(45_000)
  assert.equal(cache.writes, 1)
})

test('a page that is put away writes at once', async () => {
  const cache = new MemoryCache()
  const { client, model, hide } = await startWith(cache)
  client.messages.open(1)
  await settle()
  model.send(bob, 1, 'the last word')
  hide()
  await settle()
  assert.equal(cache.copy().windows.get(1)?.rows.at(-1)?.content, 'the last word')
})

test('where nothing can be stored everything works from memory, and nobody is told', async () => {
  const full = () => Promise.reject(new DOMException('no room', 'QuotaExceededError'))
  const { client, model, contents, errors, time, reload, setSocket } = await startWith({ run: full })
  client.messages.open(1)
  await settle()
  model.send(bob, 1, 'hello')
  await time.pass(120_000)
  assert.deepEqual(contents(), ['hello'])
  const next = await reload()
  next.messages.open(1)
  await setSocket('up')
  assert.deepEqual(contents(), ['hello'])
  assert.deepEqual(errors, [])
})

test('a storage that fails is tried ever more rarely', async () => {
  let tries = 0
  const { model, time } = await startWith({ run: () => (tries++, Promise.reject(new Error('broken'))) })
  for (let minute = 0; minute < 60; minute++) {
    model.send(bob, 1, 'on and on')
    await time.pass(60_000)
  }
  assert.ok(tries < 30, `${tries} tries in an hour`)
})

test('a storage that never answers keeps nobody waiting', async () => {
  const cache = new MemoryCache()
  const { client, time, reload, contents, setSocket, model } = await startWith(cache)
  client.messages.open(1)
  await time.pass(2_000)
  const next = await reload(() => {
    model.send(bob, 1, 'from the server')
    cache.pause = () => new Promise(() => {})
  }, 400)
  assert.equal(next.session.get().status, 'signed_in')
  next.messages.open(1)
  await setSocket('up')
  await time.pass(2_000)
  assert.deepEqual(contents(), ['from the server'])
})

test('what the browser evicts under an open tab is written again, whole', async () => {
  const cache = new MemoryCache()
  const { client, model, time } = await startWith(cache)
  client.messages.open(1)
  await time.pass(2_000)
  cache.putBack(new MemoryCache().copy())
  model.send(bob, 1, 'hello')
  await time.pass(2_000)
  const { state, rooms, windows } = cache.copy()
  assert.deepEqual([state.size, rooms.size, windows.size], [1, 1, 1])
})

test('a tab that has fallen behind takes nothing back, and does not bring back a room that was left', async () => {
  const cache = new MemoryCache()
  const { model, time } = await startWith(cache)
  await time.pass(2_000)
  const behind = cache.copy()
  model.send(bob, 1, 'news')
  model.leave(ann, 1)
  await time.pass(2_000)
  const ahead = cache.copy()
  const [state, room] = [behind.state.get(0)!, behind.rooms.get(1)!]
  const window = { id: 1, version: 2, low: 0, rows: [], reactions: [], pins: [], threads: [] }
  const changed = { rooms: [room], names: [], ownRows: [], windows: [window], threads: [], threadWindows: [] }
  const all = () => changed
  assert.equal(
    await cache.run('readwrite', (transaction) => writeCache(transaction, { state, changed, all })),
    'merged',
  )
  assert.deepEqual(cache.copy().rooms, ahead.rooms)
  assert.equal(cache.copy().state.get(0)?.user_version, ahead.state.get(0)?.user_version)
  assert.equal(cache.copy().windows.size, 0)
})

test('the windows of the fifty rooms last used are kept, the newest hundred messages of each', async () => {
  const cache = new MemoryCache()
  const { client, time } = await startFixture({
    options: { storage: { ...createMemoryStorage(), cache } },
    bounds: { pageRows: 100 },
    prepare(model) {
      for (let n = 0; n < 150; n++) model.send(bob, 1, `message ${n}`)
      for (let id = 2; id <= 60; id++) {
        model.addRoom(`room ${id}`, bob)
        model.join(ann, id)
      }
    },
  })
  for (let id = 60; id >= 1; id--) {
    const close = client.messages.open(id)
    await time.pass(2_000)
    if (id === 1) await client.messages.loadOlder(1)
    close()
  }
  await time.pass(2_000)
  const { windows } = cache.copy()
  assert.equal(windows.size, 50)
  assert.ok(windows.has(1) && !windows.has(60))
  const { rows, low } = windows.get(1)!
  assert.deepEqual([rows.length, rows[0]?.id, low], [100, 51, 51])
})

test('another lineage is left in peace while it lives, and another person’s always', async () => {
  const cache = new MemoryCache()
  const { time } = await startWith(cache)
  await time.pass(2_000)
  const kept = cache.copy()
  const state = { ...kept.state.get(0)!, lineage: 'mine', saved_at: time.now() }
  const none = { rooms: [], names: [], ownRows: [], windows: [], threads: [], threadWindows: [] }
  const outcome = (mine: Partial<typeof state>) => {
    cache.putBack(kept)
    const change = { state: { ...state, ...mine }, changed: none, all: () => none }
    return cache.run('readwrite', (transaction) => writeCache(transaction, change))
  }
  assert.equal(await outcome({}), 'refused')
  assert.equal(await outcome({ me: { ...state.me, id: bob } }), 'refused')
  assert.equal(await outcome({ saved_at: time.now() + 200_000 }), 'replaced')
  assert.equal(await outcome({ epoch: 'another' }), 'replaced')
  kept.state.get(0)!.schema++
  assert.equal(await outcome({ epoch: 'another' }), 'refused')
})
