import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../client.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { FakeBrowser } from '../testing/fake-browser.ts'
import { type FixtureOptions, ann, bob, startFixture } from '../testing/fixture.ts'
import { react, setPin } from '../testing/model-messages.ts'
import type { Answer, Call } from '../testing/model-routes.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

const isChange = ({ method, path }: Call) =>
  ['PUT', 'PATCH', 'DELETE'].includes(method) && !path.endsWith('/read-marker/')
const down: Answer = { status: 503 }
const refusal: Answer = { status: 403, body: { detail: 'no', code: 'permission_denied' } }

/** Ann in #general with a message of hers and one of Bob's, and a network that answers her changes as told. */
async function start(options: FixtureOptions = {}) {
  const network: { answer: Answer | undefined } = { answer: undefined }
  const fixture = await startFixture({
    intercept: (call) => (isChange(call) ? network.answer : undefined),
    prepare(model) {
      model.send(ann, 1, 'mine')
      model.send(bob, 1, 'his')
    },
    ...options,
  })
  fixture.client.messages.open(1)
  await settle()
  return {
    ...fixture,
    answerChanges: (answer: Answer | undefined) => void (network.answer = answer),
    changes: () =>
      fixture.calls.filter(isChange).map(({ method, path }) => `${method} ${path.slice('/api/rooms/1/'.length)}`),
    /** The nth message on screen. */
    message: (n: number, of: Client = fixture.client) => of.messages.timeline(1).get().messages[n],
  }
}

const reactionsOf = (model: ModelServer) => [...model.rooms.get(1)!.reactions.values()].filter(({ count }) => count > 0)

test('what is done to a message is shown at once and confirmed by the answer, without its event', async () => {
  const { client, message, withhold, hold, network, model } = await start()
  hold()
  client.messages.edit(1, 1, 'better')
  client.reactions.set(1, 2, '👍', true)
  client.pins.set(1, 2, true)
  await settle()
  assert.deepEqual([message(0)?.content, message(0)?.change], ['better', { kind: 'edit', state: 'sending' }])
  assert.deepEqual(
    message(1)?.reactions.map(({ emoji, count, isMine }) => [emoji, count, isMine]),
    [['👍', 1, true]],
  )
  assert.equal(message(1)?.isPinned, true)
  while (network.flights.length > 0) {
    withhold(() => network.deliverAll())
    await settle()
  }
  assert.equal(model.rooms.get(1)?.messages.get(1)?.content, 'better')
  assert.deepEqual([message(0)?.content, message(0)?.change], ['better', undefined])
  assert.deepEqual(
    reactionsOf(model).map(({ user_ids }) => user_ids),
    [[ann]],
  )
})

test('nothing is shown as it was in between, whether the answer comes first or the event', async () => {
  for (const isEventFirst of [true, false]) {
    const { client, message, hold, release, emit, model, network, withhold } = await start()
    const screens: unknown[] = []
    client.messages.timeline(1).subscribe(() => {
      screens.push([message(0)?.content, message(1)?.reactions.map(({ count, isMine }) => [count, isMine])])
    })
    hold()
    client.reactions.set(1, 2, '👍', true)
    await settle()
    const events = withhold(() => network.flights.forEach((flight) => network.advance(flight)))
    if (isEventFirst) events.forEach(emit)
    await settle()
    await release()
    if (!isEventFirst) events.forEach(emit)
    await settle()
    assert.ok(screens.length > 0)
    for (const screen of screens) assert.deepEqual(screen, ['mine', [[1, true]]])
    assert.equal(reactionsOf(model)[0]?.count, 1)
  }
})

test('what was done without a network survives a reload and arrives once, in order', async () => {
  const storage = createMemoryStorage()
  const { client, message, answerChanges, reload, setSocket, time, changes, model } = await start({
    options: { storage },
  })
  answerChanges(down)
  client.messages.edit(1, 1, 'better')
  client.reactions.set(1, 2, '🎉', true)
  await time.pass(2_000)
  assert.equal(message(0)?.change?.state, 'waiting')
  const next = await reload()
  next.messages.open(1)
  await setSocket('up')
  assert.deepEqual([message(0, next)?.content, message(1, next)?.reactions.length], ['better', 1])
  answerChanges(undefined)
  const tried = changes().length
  await time.pass(60_000)
  assert.deepEqual(changes().slice(tried), [
    'PATCH messages/1/',
    `PUT messages/2/reactions/${encodeURIComponent('🎉')}/`,
  ])
  assert.equal(model.rooms.get(1)?.messages.get(1)?.content, 'better')
  assert.deepEqual(await storage.actions.list(ann), [])
  assert.equal(message(0, next)?.change, undefined)
})

test('of what was changed twice without a network only the last is sent', async () => {
  const { client, answerChanges, time, changes, model, message } = await start()
  answerChanges(down)
  client.messages.edit(1, 1, 'first')
  client.reactions.set(1, 2, '👍', true)
  await settle()
  client.messages.edit(1, 1, 'second')
  client.reactions.set(1, 2, '👍', false)
  client.pins.set(1, 2, true)
  await settle()
  assert.equal(message(0)?.content, 'second')
  assert.deepEqual(message(1)?.reactions, [])
  answerChanges(undefined)
  const tried = changes().length
  await time.pass(60_000)
  assert.deepEqual(changes().slice(tried), [
    'PATCH messages/1/',
    `DELETE messages/2/reactions/${encodeURIComponent('👍')}/`,
    'PUT pins/2/',
  ])
  assert.equal(model.rooms.get(1)?.messages.get(1)?.content, 'second')
})

test('what is refused is shown again as it was, and said once', async () => {
  const { client, answerChanges, message } = await start()
  answerChanges(refusal)
  client.reactions.set(1, 2, '👍', true)
  client.messages.remove(1, 2)
  await settle()
  assert.deepEqual([message(1)?.content, message(1)?.reactions], ['his', []])
  const refusals = client.actions.refusals.get()
  assert.deepEqual(
    refusals.map(({ kind, failure }) => [kind, failure.code]),
    [
      ['react', 'permission_denied'],
      ['remove', 'permission_denied'],
    ],
  )
  client.actions.dismiss(refusals[0]!.id)
  assert.equal(client.actions.refusals.get().length, 1)
})

test('an edit that is refused keeps its text until it is tried again or given up', async () => {
  const { client, answerChanges, message, model } = await start()
  answerChanges(refusal)
  client.messages.edit(1, 1, 'better')
  await settle()
  assert.deepEqual([message(0)?.content, message(0)?.change?.state], ['better', 'failed'])
  assert.deepEqual(client.actions.refusals.get(), [])
  client.messages.discardChange(1, 1)
  assert.deepEqual([message(0)?.content, message(0)?.change], ['mine', undefined])
  client.messages.edit(1, 1, 'better')
  await settle()
  answerChanges(undefined)
  client.messages.retryChange(1, 1)
  await settle()
  assert.equal(message(0)?.change, undefined)
  assert.equal(model.rooms.get(1)?.messages.get(1)?.content, 'better')
})

test('a refused edit goes with its message', async () => {
  const storage = createMemoryStorage()
  const { client, answerChanges, message } = await start({ options: { storage } })
  answerChanges(refusal)
  client.messages.edit(1, 1, 'better')
  await settle()
  answerChanges(undefined)
  client.messages.remove(1, 1)
  await settle()
  assert.deepEqual([message(0)?.content, message(0)?.change], ['', undefined])
  assert.deepEqual(await storage.actions.list(ann), [])
})

test('an edit of a message that is gone by then is dropped and said', async () => {
  const { client, answerChanges, model, time } = await start()
  answerChanges(down)
  client.messages.edit(1, 1, 'better')
  await settle()
  model.change(1, 1, 'remove')
  answerChanges(undefined)
  await time.pass(60_000)
  assert.deepEqual(
    client.actions.refusals.get().map(({ kind, failure }) => [kind, failure.code]),
    [['edit', 'not_found']],
  )
  assert.deepEqual(client.messages.timeline(1).get().messages[0]?.change, undefined)
})

test('a removed message is gone at once, and has neither reactions nor pin', async () => {
  const { client, model, message, hold } = await start()
  react(model, { userId: bob, roomId: 1, messageId: 1, emoji: '👍', isOn: true })
  setPin(model, { userId: bob, roomId: 1, messageId: 1, isOn: true })
  assert.deepEqual([message(0)?.reactions.length, message(0)?.isPinned], [1, true])
  hold()
  client.messages.remove(1, 1)
  await settle()
  const { deleted_at, content, reactions, isPinned, change } = message(0)!
  assert.deepEqual([deleted_at !== null, content, reactions, isPinned], [true, '', [], false])
  assert.deepEqual(change, { kind: 'remove', state: 'sending' })
})

test('a second tab shows what the first does, and is up to date when it is done', async () => {
  const browser = new FakeBrowser()
  const first = await start({ options: { storage: browser.openTab().storage } })
  const second = await start({ options: { storage: browser.openTab().storage } })
  first.answerChanges(down)
  second.answerChanges(down)
  first.client.reactions.set(1, 2, '👍', true)
  await settle()
  await settle()
  assert.equal(second.message(1)?.reactions[0]?.isMine, true)
  // The one that is in use takes over, and knows the newest wish.
  second.client.reactions.set(1, 2, '👍', false)
  await settle()
  await settle()
  assert.deepEqual([first.message(1)?.reactions, second.message(1)?.reactions], [[], []])
  second.answerChanges(undefined)
  second.device.signal()
  await Promise.all([first.time.pass(60_000), second.time.pass(60_000)])
  assert.deepEqual(await browser.actions.list(ann), [])
  assert.deepEqual(first.message(1)?.reactions, [])
  assert.deepEqual(reactionsOf(second.model), [])
})

test('the answer that one tab gets is known to the others', async () => {
  const browser = new FakeBrowser()
  const first = await start({ options: { storage: browser.openTab().storage } })
  const second = await start({ options: { storage: browser.openTab().storage } })
  first.client.reactions.set(1, 2, '👍', true)
  await settle()
  await settle()
  // The second is connected to a server of its own: it has heard of this from the first alone.
  assert.equal(second.message(1)?.reactions[0]?.isMine, true)
  assert.deepEqual(second.calls.filter(isChange), [])
  assert.deepEqual(await browser.actions.list(ann), [])
})

test('who signs out leaves nothing to be done behind', async () => {
  const storage = createMemoryStorage()
  const { client } = await start({
    options: { storage },
    intercept: (call) => (call.path === '/api/logout/' ? { status: 200, body: {} } : isChange(call) ? down : undefined),
  })
  client.reactions.set(1, 2, '👍', true)
  await settle()
  assert.equal((await storage.actions.list(ann)).length, 1)
  await client.session.signOut()
  await settle()
  assert.deepEqual(await storage.actions.list(ann), [])
})

test('a store that keeps nothing does not keep anybody from acting', async () => {
  const storage = createMemoryStorage()
  const fails = () => Promise.reject(new Error('no store'))
  const broken = { ...storage, actions: { list: fails, add: fails, setFailure: fails, remove: fails, clear: fails } }
  const { client, errors, model } = await start({ options: { storage: broken } })
  client.reactions.set(1, 2, '👍', true)
  await settle()
  assert.equal(reactionsOf(model).length, 1)
  assert.equal(errors.length, 1)
})

const removals = (calls: Call[]) => calls.filter(({ method }) => method === 'DELETE').length

test('a removal that may be undone is shown at once, leaves when its time is over, and keeps nobody waiting', async () => {
  const { client, message, time, changes, model } = await start()
  client.messages.remove(1, 1, { undoMs: 5_000 })
  client.pins.set(1, 2, true)
  await time.pass(4_000)
  assert.deepEqual(changes(), ['PUT pins/2/'])
  const { deleted_at, change } = message(0)!
  assert.notEqual(deleted_at, null)
  assert.deepEqual(change, { kind: 'remove', state: 'waiting', undoable: 'held' })
  await time.pass(2_000)
  assert.deepEqual(changes(), ['PUT pins/2/', 'DELETE messages/1/'])
  assert.notEqual(model.rooms.get(1)?.messages.get(1)?.deleted_at, null)
  assert.equal(message(0)?.change, undefined)
})

test('a removal that is taken back never leaves, and the message is there again with its refused edit', async () => {
  const storage = createMemoryStorage()
  const { client, message, time, calls, answerChanges } = await start({ options: { storage } })
  answerChanges(refusal)
  client.messages.edit(1, 1, 'better')
  await settle()
  client.messages.remove(1, 1, { undoMs: 5_000 })
  await time.pass(1_000)
  client.messages.keep(1, 1)
  await time.pass(60_000)
  assert.equal(removals(calls), 0)
  assert.deepEqual([message(0)?.content, message(0)?.change?.kind], ['better', 'edit'])
  assert.deepEqual(
    (await storage.actions.list(ann)).map(({ kind }) => kind),
    ['edit'],
  )
})

test('a removal outlives its page: held for the rest of its time, to be undone, then carried out once', async () => {
  for (const isUndone of [true, false]) {
    const { client, message, time, calls, reload, setSocket, model } = await start({
      options: { storage: createMemoryStorage() },
    })
    client.messages.remove(1, 1, { undoMs: 5_000 })
    await time.pass(2_000)
    const next = await reload()
    next.messages.open(1)
    await setSocket('up')
    assert.equal(message(0, next)?.change?.undoable, 'held')
    assert.equal(removals(calls), 0)
    if (isUndone) next.messages.keep(1, 1)
    await time.pass(10_000)
    assert.equal(removals(calls), isUndone ? 0 : 1)
    assert.equal(model.rooms.get(1)?.messages.get(1)?.deleted_at === null, isUndone)
    assert.equal(message(0, next)?.content, isUndone ? 'mine' : '')
  }
})

test('a removal whose time is over leaves with the next start, and without a network it can still be taken back', async () => {
  const { client, message, time, calls, reload, setSocket, answerChanges } = await start({
    options: { storage: createMemoryStorage() },
  })
  answerChanges(down)
  client.messages.remove(1, 1, { undoMs: 5_000 })
  await settle()
  const next = await reload(() => {}, 6_000)
  next.messages.open(1)
  await setSocket('up')
  await time.pass(1_000)
  assert.ok(removals(calls) > 0)
  assert.deepEqual([message(0, next)?.content, message(0, next)?.change?.undoable], ['', 'stuck'])
  next.messages.keep(1, 1)
  assert.deepEqual([message(0, next)?.content, message(0, next)?.change], ['mine', undefined])
  answerChanges(undefined)
  const tried = removals(calls)
  await time.pass(60_000)
  assert.equal(removals(calls), tried)
})

test('a clock that was set back holds nothing for long', async () => {
  const storage = createMemoryStorage()
  await storage.actions.add(
    {
      id: 'of a page that is gone',
      user_id: ann,
      kind: 'remove',
      lane: 'room:1',
      key: '1:1',
      body: { room_id: 1, message_id: 1 },
      held_until: Number.MAX_SAFE_INTEGER,
    },
    [],
  )
  const { time, calls } = await start({ options: { storage } })
  assert.equal(removals(calls), 0)
  await time.pass(120_000)
  assert.equal(removals(calls), 1)
})

test('what one tab holds is carried out by another when the first is closed', async () => {
  const browser = new FakeBrowser()
  const first = await start({ options: { storage: browser.openTab().storage } })
  const second = await start({ options: { storage: browser.openTab().storage } })
  first.client.messages.remove(1, 1, { undoMs: 5_000 })
  await settle()
  await settle()
  assert.equal(second.message(0)?.change?.undoable, 'held')
  first.client.close()
  await Promise.all([first.time.pass(10_000), second.time.pass(10_000)])
  assert.deepEqual([removals(first.calls), removals(second.calls)], [0, 1])
})

test('a removal that does not get through can be taken back, also one behind another', async () => {
  const { client, message, time, answerChanges, calls } = await start()
  answerChanges(down)
  client.reactions.set(1, 2, '👍', true)
  client.messages.remove(1, 2)
  client.messages.remove(1, 1, { undoMs: 5_000 })
  client.messages.remove(1, 1)
  await time.pass(2_000)
  assert.deepEqual([message(0)?.change?.undoable, message(1)?.change?.undoable], ['stuck', 'stuck'])
  assert.equal(removals(calls), 0)
  client.messages.keep(1, 1)
  assert.deepEqual([message(0)?.content, message(0)?.change], ['mine', undefined])
})

test('a removal that is already on its way is not done twice', async () => {
  const { client, message, time, hold, release, calls } = await start()
  client.messages.remove(1, 1, { undoMs: 5_000 })
  hold()
  await time.pass(6_000)
  client.messages.remove(1, 1)
  await release()
  await time.pass(1_000)
  assert.equal(removals(calls), 1)
  assert.deepEqual([message(0)?.content, message(0)?.change], ['', undefined])
})
