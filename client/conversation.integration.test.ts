import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import { type TestServer, passwordOf, startTestServer } from '../server/testing/server.ts'
import type { Client, MessageView } from './index.ts'
import { openBrowser } from './testing/browser.ts'
import { eventually } from './testing/eventually.ts'

/**
 * Convergence of what people do in a room, against the real server: an observer who heard the events and may not fetch has
 * the same as whoever comes and fetches.
 */
let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

type Person = { client: Client; username: string; cutOff: (what: 'nothing' | 'fetching' | 'everything') => void }
let people = 0

async function open(t: TestContext, username: string): Promise<Person> {
  let isCutOffFrom = 'nothing'
  const client = openBrowser(server.url, {}, (method, path) => {
    const isFetch = path !== '/api/csrf/' && (method === 'GET' || path.startsWith('/api/sync/'))
    if (isCutOffFrom === 'everything' || (isCutOffFrom === 'fetching' && isFetch)) throw new TypeError('no network')
  })
  t.after(() => client.close())
  await client.session.start()
  await client.session.signIn(username, passwordOf(username))
  await eventually(() => client.connection.get() === 'live' && client.rooms.list.get().status === 'ready')
  return { client, username, cutOff: (what) => void (isCutOffFrom = what) }
}

async function arrive(t: TestContext): Promise<Person> {
  const username = `talker${++people}`
  await server.member(username)
  return open(t, username)
}

async function show({ client }: Person, roomId: number): Promise<void> {
  client.messages.open(roomId)
  client.pins.open(roomId)
  await eventually(() => {
    const isReady = client.messages.timeline(roomId).get().status === 'ready'
    return isReady && client.pins.list(roomId).get().status === 'ready'
  })
}

function shown({ client }: Person, roomId: number) {
  const { messages, hasOlder, status } = client.messages.timeline(roomId).get()
  return { list: client.rooms.list.get(), messages, hasOlder, status, pins: client.pins.list(roomId).get() }
}

type Stage = {
  ann: Person
  bob: Person
  roomId: number
  first: number
  messages: (of: Person) => readonly MessageView[]
}

/** Ann's room with Bob in it and a message of hers, on both screens. */
async function stage(t: TestContext): Promise<Stage> {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const { id: roomId } = await ann.client.rooms.create({ name: 'Talk', kind: 'public' })
  await bob.client.rooms.join(roomId)
  for (const person of [ann, bob]) await show(person, roomId)
  ann.client.messages.send(roomId, 'first')
  const messages = ({ client }: Person) => client.messages.timeline(roomId).get().messages
  await eventually(() => [ann, bob].every((person) => messages(person).some(({ content }) => content === 'first')))
  await eventually(() => ann.client.messages.timeline(roomId).get().pending.length === 0)
  const first = messages(ann).find(({ content }) => content === 'first')!.id
  return { ann, bob, roomId, first, messages }
}

const find = (on: Stage, of: Person, id = on.first) => on.messages(of).find((row) => row.id === id)!

/** Waits until what was done is confirmed, and has reached the other. */
async function untilBothHave({ ann, bob, roomId, messages }: Stage): Promise<void> {
  const version = ({ client }: Person) => client.rooms.get(roomId).get()?.version ?? 0
  await eventually(() => messages(ann).every(({ change }) => change === undefined) && version(ann) === version(bob))
}

type Case = { act: (on: Stage) => void; isThere: (on: Stage, of: Person) => boolean }

const cases: Record<string, Case> = {
  'an edit': {
    act: ({ ann, roomId, first }) => ann.client.messages.edit(roomId, first, 'better'),
    isThere: (on, of) => find(on, of).content === 'better' && find(on, of).edited_at !== null,
  },
  'a removal, with the reactions and the pin of the message': {
    act({ ann, roomId, first }) {
      ann.client.reactions.set(roomId, first, '👍', true)
      ann.client.pins.set(roomId, first, true)
      ann.client.messages.remove(roomId, first)
    },
    isThere: (on, of) => find(on, of).deleted_at !== null,
  },
  'a reaction': {
    act: ({ ann, roomId, first }) => ann.client.reactions.set(roomId, first, '❤️', true),
    isThere: (on, of) => find(on, of).reactions[0]?.count === 1,
  },
  'a reaction that is taken back': {
    act({ ann, roomId, first }) {
      ann.client.reactions.set(roomId, first, '👍', true)
      ann.client.reactions.set(roomId, first, '🎉', true)
      ann.client.reactions.set(roomId, first, '👍', false)
    },
    isThere: (on, of) =>
      find(on, of)
        .reactions.map(({ emoji }) => emoji)
        .join() === '🎉',
  },
  'a pin, with its line': {
    act: ({ ann, roomId, first }) => ann.client.pins.set(roomId, first, true),
    isThere: (on, of) => find(on, of).isPinned && on.messages(of).some(({ system }) => system?.type === 'pinned'),
  },
  'an answer': {
    act: ({ ann, roomId, first }) => void ann.client.messages.send(roomId, 'an answer', { replyTo: first }),
    isThere: (on, of) => on.messages(of).some(({ reply_to }) => reply_to === on.first),
  },
  'a forwarded message': {
    act: ({ ann, roomId, first }) => void ann.client.messages.forward({ roomId, messageId: first }, roomId),
    isThere: (on, of) => on.messages(of).some(({ forwarded }) => forwarded?.message_id === on.first),
  },
}

for (const [what, { act, isThere }] of Object.entries(cases)) {
  test(`${what}: who heard of it has what a fresh client fetches`, async (t) => {
    const on = await stage(t)
    const { ann, bob, roomId } = on
    for (const person of [ann, bob]) person.cutOff('fetching')
    act(on)
    await eventually(() => isThere(on, ann) && isThere(on, bob))
    await untilBothHave(on)
    for (const person of [ann, bob]) {
      const fresh = await open(t, person.username)
      await show(fresh, roomId)
      await eventually(
        () => fresh.client.pins.list(roomId).get().messages.length === shown(person, roomId).pins.messages.length,
      )
      assert.deepEqual(shown(person, roomId), shown(fresh, roomId))
    }
  })
}

test('who comes and goes is told by lines that everybody has alike', async (t) => {
  const on = await stage(t)
  const { ann, roomId, messages } = on
  ann.cutOff('fetching')
  const cat = await arrive(t)
  await cat.client.rooms.join(roomId)
  await cat.client.rooms.leave(roomId)
  const types = () => messages(ann).map(({ system }) => system?.type)
  await eventually(() => types().at(-1) === 'left')
  const fresh = await open(t, ann.username)
  await show(fresh, roomId)
  assert.deepEqual(shown(ann, roomId), shown(fresh, roomId))
})

test('what was missed of reactions, pins and edits is there after a repair', async (t) => {
  const on = await stage(t)
  const { ann, bob, roomId, first } = on
  const laptop = await open(t, bob.username)
  const close = laptop.client.messages.open(roomId)
  await eventually(() => laptop.client.messages.timeline(roomId).get().status === 'ready')
  close()
  laptop.cutOff('everything')
  ann.client.reactions.set(roomId, first, '👍', true)
  ann.client.messages.edit(roomId, first, 'better')
  ann.client.pins.set(roomId, first, true)
  await eventually(() => find(on, bob).isPinned && find(on, bob).content === 'better')
  await untilBothHave(on)
  laptop.cutOff('nothing')
  await show(laptop, roomId)
  const view = () =>
    laptop.client.messages
      .timeline(roomId)
      .get()
      .messages.find(({ id }) => id === first)
  await eventually(() => view()?.isPinned === true)
  assert.deepEqual(view(), find(on, bob))
})

test('what is done without a network is done once there is one, and what others did meanwhile stays', async (t) => {
  const on = await stage(t)
  const { ann, bob, roomId, first } = on
  ann.cutOff('everything')
  ann.client.reactions.set(roomId, first, '👍', true)
  ann.client.messages.edit(roomId, first, 'edited in a tunnel')
  assert.equal(find(on, ann).content, 'edited in a tunnel')
  bob.client.reactions.set(roomId, first, '👍', true)
  // Confirmed, and not only as he wants it.
  await eventually(() => (find(on, bob).reactions[0]?.version ?? 0) > 0)
  ann.cutOff('nothing')
  await eventually(() => find(on, bob).content === 'edited in a tunnel' && find(on, bob).reactions[0]?.count === 2)
  await untilBothHave(on)
  assert.deepEqual(find(on, ann).reactions[0]?.count, 2)
  assert.deepEqual(
    (await ann.client.messages.edits(roomId, first)).map(({ content }) => content),
    ['first'],
  )
  const [who] = await bob.client.reactions.users(roomId, first)
  assert.deepEqual(
    who?.users.map(({ username }) => username),
    [bob.username, ann.username],
  )
})

test('what one may not do is refused, and shown as it was', async (t) => {
  const on = await stage(t)
  const { bob, roomId, first } = on
  bob.client.messages.remove(roomId, first)
  await eventually(() => bob.client.actions.refusals.get().length === 1)
  assert.equal(bob.client.actions.refusals.get()[0]?.failure.code, 'permission_denied')
  assert.equal(find(on, bob).content, 'first')
})

test('a room opens at an old message, and quotes from outside of it are there', async (t) => {
  const on = await stage(t)
  const { ann, bob, roomId, first } = on
  for (let n = 0; n < 120; n++) ann.client.messages.send(roomId, `message ${n}`)
  await eventually(() => bob.client.rooms.get(roomId).get()?.last_seq === 121)
  const reader = await open(t, bob.username)
  await show(reader, roomId)
  const { client } = reader
  const timeline = () => client.messages.timeline(roomId).get()
  const quote = client.messages.get(roomId, first)
  t.after(quote.subscribe(() => {}))
  await eventually(() => typeof quote.get() === 'object')
  ann.client.messages.edit(roomId, first, 'first of all')
  await eventually(() => (quote.get() as MessageView).content === 'first of all')
  assert.equal(await client.messages.openAt(roomId, first), 'shown')
  assert.deepEqual([timeline().hasOlder, timeline().hasNewer, timeline().target], [false, true, first])
  while (timeline().hasNewer) await client.messages.loadNewer(roomId)
  const seqs = timeline().messages.flatMap(({ seq }) => seq ?? [])
  assert.deepEqual(
    seqs,
    Array.from({ length: 121 }, (_, n) => n + 1),
  )
  assert.equal(await client.messages.openAt(roomId, first + 1_000_000), 'gone')
})
