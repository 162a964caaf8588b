import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Fixture, type FixtureOptions, ann, bob, startFixture } from '../testing/fixture.ts'
import { react } from '../testing/model-messages.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

/** #general with ten messages, of which a page shows two. */
const start = (options: FixtureOptions = {}) =>
  startFixture({
    bounds: { pageRows: 2 },
    prepare(model: ModelServer) {
      for (let n = 1; n <= 10; n++) model.send(bob, 1, `${n}`)
    },
    ...options,
  })

function follow({ client }: Fixture, id: number) {
  const found = client.messages.get(1, id)
  const end = found.subscribe(() => {})
  const shown = () => {
    const view = found.get()
    return typeof view === 'string' ? view : view.content
  }
  return { end, shown, found }
}

const askedFor = ({ callsTo }: Fixture) => callsTo('/api/rooms/1/messages/').map(({ query }) => query.get('ids'))

test('messages that are quoted are asked for together, and those on screen are not asked for', async () => {
  const fixture = await start()
  fixture.client.messages.open(1)
  await settle()
  const quotes = [1, 2, 10].map((id) => follow(fixture, id))
  assert.deepEqual(
    quotes.map(({ shown }) => shown()),
    ['loading', 'loading', '10'],
  )
  await settle()
  assert.deepEqual(
    quotes.map(({ shown }) => shown()),
    ['1', '2', '10'],
  )
  assert.deepEqual(askedFor(fixture), [null, '1,2'])
})

test('a quoted message stays as the server has it: by events, and after a gap', async () => {
  const fixture = await start()
  const { model, withhold, time } = fixture
  const { shown, found } = follow(fixture, 1)
  await settle()
  model.change(1, 1, 'edit')
  assert.equal(shown(), '1!')
  react(model, { userId: bob, roomId: 1, messageId: 1, emoji: '👍', isOn: true })
  const reactions = () => (found.get() as { reactions: readonly unknown[] }).reactions
  assert.equal(reactions().length, 1)
  withhold(() => {
    model.change(1, 1, 'edit')
    react(model, { userId: bob, roomId: 1, messageId: 1, emoji: '👍', isOn: false })
  })
  model.send(bob, 1, 'a later version')
  await time.pass(3_000)
  assert.equal(shown(), '1!!')
  assert.deepEqual(reactions(), [])
  assert.deepEqual(askedFor(fixture), ['1', '1'])
})

test('a message that is removed, or was never there, is gone', async () => {
  const fixture = await start()
  const [there, never] = [follow(fixture, 1), follow(fixture, 99)]
  await settle()
  assert.equal(never.shown(), 'gone')
  fixture.model.change(1, 1, 'remove')
  assert.equal(there.shown(), 'gone')
})

test('an edit that happens while a quoted message is on its way is not lost', async () => {
  const fixture = await start()
  const { model, network, hold, release } = fixture
  follow(fixture, 2)
  await settle()
  hold()
  const { shown } = follow(fixture, 1)
  await settle()
  network.advance(network.flights[0]!)
  model.change(1, 1, 'edit')
  await release()
  assert.equal(shown(), '1!')
})

test('without a network a quoted message stays as it was, and what leaves the screen stays readable', async () => {
  const fixture = await start()
  const { client, model, hold, withhold } = fixture
  const close = client.messages.open(1)
  await settle()
  const [quoted, onScreen] = [follow(fixture, 1), follow(fixture, 10)]
  await settle()
  hold()
  withhold(() => model.change(1, 1, 'edit'))
  close()
  await settle()
  assert.deepEqual([quoted.shown(), onScreen.shown()], ['1', '10'])
})

test('nobody is asked about messages that nobody follows any more', async () => {
  const fixture = await start()
  const { model, withhold, time } = fixture
  const { end } = follow(fixture, 1)
  await settle()
  end()
  end()
  withhold(() => model.change(1, 1, 'edit'))
  model.send(bob, 1, 'a later version')
  await time.pass(3_000)
  assert.deepEqual(askedFor(fixture), ['1'])
  const { shown } = follow(fixture, 1)
  await time.pass(3_000)
  assert.equal(shown(), '1!')
})

test('the messages of a room that one has left are gone, and back when one is', async () => {
  const fixture = await start()
  const { shown } = follow(fixture, 1)
  await settle()
  fixture.model.leave(ann, 1)
  assert.equal(shown(), 'gone')
  fixture.model.join(ann, 1)
  await settle()
  assert.equal(shown(), '1')
})

test('what was looked at before it was known is known to whoever subscribes later', async () => {
  const { client, model } = await startFixture({ prepare: (m) => void m.send(bob, 1, 'quoted') })
  const { id } = [...model.rooms.get(1)!.messages.values()][0]!
  const found = client.messages.get(1, id)
  assert.equal(found.get(), 'loading')
  client.messages.open(1)
  await settle()
  let shown: unknown
  found.subscribe(() => (shown = found.get()))
  shown = found.get()
  assert.equal((shown as { content: string }).content, 'quoted')
})
