import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModelServer } from '../testing/model-server.ts'
import { type FixtureOptions, startFixture } from '../testing/fixture.ts'
import { settle } from '../testing/virtual-time.ts'

const membersPath = '/api/rooms/1/members/'

/** A room of nine, three of whom fit on a page; `meanwhile` happens before the nth page is answered. */
async function startCrowd(meanwhile: (model: ModelServer, page: number) => void, options: FixtureOptions = {}) {
  let server: ModelServer | undefined
  let pages = 0
  const fixture = await startFixture({
    bounds: { memberRows: 3 },
    prepare(model) {
      server = model
      for (let n = 3; n <= 9; n++) model.join(model.addUser(`user${n}`).id, 1)
    },
    intercept(call) {
      if (call.path === membersPath && server) meanwhile(server, ++pages)
      return undefined
    },
    ...options,
  })
  const shown = () =>
    fixture.client.members
      .list(1)
      .get()
      .members.map(({ user }) => user.id)
  const present = () =>
    [...(fixture.model.rooms.get(1)?.members.values() ?? [])]
      .filter(({ left_at }) => left_at === null)
      .map(({ user }) => user.id)
  return { ...fixture, shown, present }
}

test('nobody is missing in a long list because somebody left while it was read', async () => {
  const { client, time, shown, present } = await startCrowd((model, page) => {
    if (page === 2) model.leave(3, 1)
  })
  client.members.open(1)
  await settle()
  await time.pass(5_000)
  assert.equal(shown().length, 8)
  assert.deepEqual(shown(), present())
})

test('nobody is missing because one left and another came, neither of which was heard of', async () => {
  const { client, setSocket, time, shown, present } = await startCrowd((model, page) => {
    if (page !== 2) return
    model.leave(3, 1)
    model.join(model.addUser('late').id, 1)
  })
  await setSocket('down')
  client.members.open(1)
  await settle()
  assert.equal(client.members.list(1).get().status, 'ready')
  await time.pass(3_000)
  assert.deepEqual(shown(), present())
})

test('a long list that is disturbed each time is shown meanwhile, and read again ever more rarely, not for ever', async () => {
  const { client, time, callsTo, shown, present } = await startCrowd((model, page) => {
    if (page % 3 === 2) model.leave(2 + Math.ceil(page / 3), 1)
    if (page % 3 === 0) model.join(model.addUser(`late${page}`).id, 1)
  })
  client.members.open(1)
  await settle()
  assert.ok(shown().length >= 7)
  await time.pass(600_000)
  const asked = callsTo(membersPath).length
  assert.ok(asked <= 6 * 3, `${asked} requests`)
  assert.deepEqual(shown(), present())
})

test('of a room of very many the beginning is read, with one request however often people come', async () => {
  let pages = 0
  const { client, model, time, shown, present } = await startCrowd(() => pages++)
  for (let n = 10; n <= 40; n++) model.join(model.addUser(`user${n}`).id, 1)
  client.members.open(1)
  await settle()
  await time.pass(5_000)
  assert.equal(client.members.list(1).get().status, 'ready')
  assert.equal(pages, 1)
  assert.deepEqual(shown().slice(0, 3), present().slice(0, 3))
  assert.ok(shown().length < present().length)
})
