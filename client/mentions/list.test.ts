import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '@grandchat/contracts/realtime/events'
import { ann, bob, type Fixture, type FixtureOptions, startFixture } from '../testing/fixture.ts'
import { say } from '../testing/happenings.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { createSeeded } from '../testing/seeded.ts'
import { settle } from '../testing/virtual-time.ts'
import { isMentioned } from './known.ts'

/** Ann looks at what mentions her: of ten messages of Bob's in #general every second one. */
async function start(options: FixtureOptions = {}) {
  const fixture = await startFixture({
    ...options,
    prepare(model: ModelServer) {
      for (let n = 1; n <= 10; n++) model.send(bob, 1, n % 2 === 0 ? `${n} @ann` : `${n}`)
    },
  })
  const stop = fixture.client.mentions.list.subscribe(() => {})
  await settle()
  return { ...fixture, stop }
}

const shown = ({ client }: Pick<Fixture, 'client'>) => client.mentions.list.get().messages.map(({ content }) => content)
const idOf = ({ model }: Pick<Fixture, 'model'>, seq: number) =>
  [...model.rooms.get(1)!.messages.values()].find((row) => row.seq === seq)!.id
const asked = ({ callsTo }: Pick<Fixture, 'callsTo'>) => callsTo('/api/mentions/').length

test('older ones come when asked for, until there are no more', async () => {
  const on = await start({ bounds: { pageRows: 2 } })
  assert.deepEqual([shown(on), on.client.mentions.list.get().hasOlder], [['10 @ann', '8 @ann'], true])
  await on.client.mentions.loadOlder()
  await on.client.mentions.loadOlder()
  assert.deepEqual(shown(on), ['10 @ann', '8 @ann', '6 @ann', '4 @ann', '2 @ann'])
  assert.equal(on.client.mentions.list.get().hasOlder, false)
  assert.equal(asked(on), 3)
})

test('a new one comes at once; an edit, a deletion and leaving take them away; nothing is asked', async () => {
  const on = await start()
  const { client, model, calls } = on
  calls.length = 0
  model.send(bob, 1, 'eleven @all')
  assert.deepEqual(shown(on).slice(0, 2), ['eleven @all', '10 @ann'])
  model.change(1, idOf(on, 10), 'edit')
  model.change(1, idOf(on, 8), 'remove')
  assert.deepEqual(shown(on), ['eleven @all', '6 @ann', '4 @ann', '2 @ann'])
  model.leave(ann, 1)
  assert.deepEqual(shown(on), [])
  assert.deepEqual([client.mentions.list.get().status, asked(on)], ['ready', 0])
  model.join(ann, 1)
  await on.time.pass(10_000)
  assert.deepEqual(shown(on), ['eleven @all', '6 @ann', '4 @ann', '2 @ann'])
})

test('they are unread until the reader has been there, on whatever device', async () => {
  const on = await start()
  const unread = () => on.client.mentions.list.get().messages.filter(({ isUnread }) => isUnread).length
  assert.equal(unread(), 5)
  on.client.readMarkers.mark(1, 4)
  assert.equal(unread(), 3)
  on.model.moveMarker(ann, 1, 9)
  assert.equal(unread(), 1)
})

test('what was missed is fetched while somebody looks, and when somebody looks again', async () => {
  const on = await start()
  const { withhold, model, emit, time, client } = on
  const nudge = () => {
    const { id, version } = model.rooms.get(1)!.room
    emit({ type: 'room_changed', body: { room: { id, version } } })
  }
  withhold(() => model.send(bob, 1, 'lost @ann'))
  nudge()
  await time.pass(10_000)
  assert.equal(shown(on)[0], 'lost @ann')
  on.stop()
  const before = asked(on)
  withhold(() => model.send(bob, 1, 'lost, too @ann'))
  nudge()
  await time.pass(10_000)
  assert.equal(asked(on), before, 'nobody looks')
  client.mentions.list.subscribe(() => {})
  await settle()
  assert.equal(shown(on)[0], 'lost, too @ann')
})

test('what could not be had is said, and asked for again', async () => {
  let isDown = true
  const on = await start({
    intercept: ({ path }) => (isDown && path === '/api/mentions/' ? { status: 500 } : undefined),
  })
  const state = () => [on.client.mentions.list.get().status, on.client.mentions.list.get().hasFailed]
  assert.deepEqual(state(), ['error', true])
  isDown = false
  await on.client.mentions.loadOlder()
  assert.deepEqual([...state(), shown(on).length], ['ready', false, 5])
})

const expected = (model: ModelServer) =>
  model
    .roomsOf(ann)
    .flatMap(({ messages, room }) => [...messages.values()].map((row) => ({ row, own: model.own(ann, room.id)! })))
    .filter(({ row }) => isMentioned(row, ann))
    .map(({ row, own }) => ({ id: row.id, content: row.content, isUnread: row.seq! > own.read_seq }))
    .sort((a, b) => b.id - a.id)

/** A run in which events are lost, repeated and swapped, and answers come late or never; what is wrong at its end. */
async function run(seed: number) {
  const { below, chance, pick } = createSeeded(seed)
  const fixture = await startFixture({
    bounds: { pageRows: 2 + below(4) },
    prepare(model) {
      model.addRoom('two', bob)
      if (chance(0.7)) model.join(ann, 2)
      for (let n = below(12); n > 0; n--) model.send(bob, 1 + below(2), say('old', n))
    },
  })
  const { client, model, network, time } = fixture
  const events: Event[] = []
  let stop: (() => void) | undefined
  const happen = (roomId: number) => {
    const ids = [...model.rooms.get(roomId)!.messages.keys()]
    const kind = below(10)
    if (kind < 4) model.send(bob, roomId, say('new', below(1_000)))
    else if (kind < 7 && ids.length > 0) model.change(roomId, pick(ids), chance(0.7) ? 'edit' : 'remove')
    else if (kind === 7 && model.isMember(ann, roomId)) model.moveMarker(ann, roomId, below(12))
    else if (kind === 8 && model.isMember(ann, roomId)) model.leave(ann, roomId)
    else if (kind === 8) model.join(ann, roomId)
  }
  const deliver = () => {
    const [event] = events.splice(chance(0.7) ? 0 : below(events.length), 1)
    if (event && chance(0.8)) fixture.emit(event)
    if (event && chance(0.1)) fixture.emit(event)
  }
  const move = () => {
    if (network.flights.length === 0) return
    const flight = pick(network.flights)
    if (chance(0.1)) network.lose(flight)
    else network.advance(flight)
  }
  const look = () => {
    stop?.()
    stop = stop ? undefined : client.mentions.list.subscribe(() => {})
  }
  fixture.hold()
  look()
  for (let steps = 80; steps > 0; steps--) {
    const kind = below(12)
    if (kind < 4) events.push(...fixture.withhold(() => happen(1 + below(2))))
    else if (kind < 7) deliver()
    else if (kind < 10) move()
    else if (kind === 10) await time.pass(below(2_000))
    else if (chance(0.3)) look()
    else void client.mentions.loadOlder()
    await settle()
  }
  if (!stop) look()
  for (const event of events) fixture.emit(event)
  await fixture.release()
  await time.pass(80_000, () => fixture.release())
  while (client.mentions.list.get().hasOlder) await client.mentions.loadOlder()
  const actual = client.mentions.list.get().messages.map(({ id, content, isUnread }) => ({ id, content, isUnread }))
  client.close()
  return { actual, expected: expected(model) }
}

test('over a bad network the list is in the end what the server has', async () => {
  let mentions = 0
  // The last ones found late events that were believed.
  for (const seed of [...Array.from({ length: 1_000 }, (_, n) => n + 1), 1_824, 2_893]) {
    const { actual, expected: there } = await run(seed)
    assert.deepEqual(actual, there, `run(${seed})`)
    mentions += there.length
  }
  assert.ok(mentions > 1_000)
})
