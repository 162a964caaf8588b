import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryStorage } from '../storage/memory.ts'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import { MemoryCache } from '../testing/memory-cache.ts'
import { deliver } from '../testing/model-receipts.ts'
import { settle } from '../testing/virtual-time.ts'
import { receiptOf } from './receipt.ts'

const storage = () => ({ ...createMemoryStorage(), cache: new MemoryCache() })

/** How a message of Ann's stands: seen, delivered, waiting, of how many. */
function standOf({ client }: Pick<Awaited<ReturnType<typeof startFixture>>, 'client'>, content = 'mine') {
  const row = client.messages
    .timeline(1)
    .get()
    .messages.find((message) => message.content === content)!
  const members = client.receipts.members(1).get()
  const receipt = members && receiptOf(row, members)
  return receipt && [receipt.seen.length, receipt.delivered.length, receipt.waiting.length, receipt.count]
}

test('a message goes from stored to delivered to read as its members do', async () => {
  const fixture = await startFixture()
  const { client, model } = fixture
  client.messages.open(1)
  await settle()
  client.messages.send(1, 'mine')
  await settle()
  assert.deepEqual(standOf(fixture), [0, 0, 1, 1])
  deliver(model, 1, bob, 1)
  assert.deepEqual(standOf(fixture), [0, 1, 0, 1])
  deliver(model, 1, bob, 1, true)
  assert.deepEqual(standOf(fixture), [1, 0, 0, 1])
})

test('who joined later is not among those who could have a message', async () => {
  const fixture = await startFixture()
  const { client, model } = fixture
  client.messages.open(1)
  await settle()
  model.send(ann, 1, 'mine')
  model.join(model.addUser('cleo').id, 1)
  model.send(ann, 1, 'later')
  assert.deepEqual(
    [standOf(fixture), standOf(fixture, 'later')],
    [
      [0, 0, 1, 1],
      [0, 0, 2, 2],
    ],
  )
})

test('after a reload, and without a network, the last that was known is shown', async () => {
  const { client, model, reload, hold, setSocket, release, ...fixture } = await startFixture({
    options: { storage: storage() },
  })
  client.messages.open(1)
  await settle()
  model.send(ann, 1, 'mine')
  deliver(model, 1, bob, 1)
  await fixture.time.pass(5_000)
  hold()
  const next = await reload(() => deliver(model, 1, bob, 1, true))
  next.messages.open(1)
  await settle()
  assert.deepEqual(standOf({ client: next }), [0, 1, 0, 1])
  await release()
  await setSocket('up')
  await release()
  assert.deepEqual(standOf({ client: next }), [1, 0, 0, 1])
})

test('a room that grows beyond 32 tells nothing any more; one that shrinks to 32 does once it is loaded again', async () => {
  const fixture = await startFixture({
    prepare(model) {
      for (let n = 0; n < 30; n++) model.join(model.addUser(`crowd${n}`).id, 1)
      model.send(ann, 1, 'mine')
    },
  })
  const { client, model, reload, setSocket } = fixture
  client.messages.open(1)
  await settle()
  assert.deepEqual(standOf(fixture), [0, 0, 31, 31])
  const late = model.addUser('late')
  model.join(late.id, 1)
  assert.equal(standOf(fixture), undefined)
  const next = await reload()
  next.messages.open(1)
  await settle()
  await setSocket('up')
  assert.equal(standOf({ client: next }), undefined)
  model.leave(late.id, 1)
  assert.equal(standOf({ client: next }), undefined)
  const last = await reload()
  last.messages.open(1)
  await settle()
  await setSocket('up')
  assert.deepEqual(standOf({ client: last }), [0, 0, 31, 31])
})

test('system lines and messages in threads have no receipt', async () => {
  const { client, model } = await startFixture()
  client.messages.open(1)
  await settle()
  const row = model.send(ann, 1, 'mine')
  const members = client.receipts.members(1).get()!
  assert.equal(receiptOf({ ...row, thread_id: 7 }, members), undefined)
  assert.equal(receiptOf({ ...row, seq: null }, members), undefined)
  assert.ok(receiptOf(row, members))
})
