import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { SyncAnswer } from '@grandchat/contracts/sync/schema'
import { assertRefused, fingerprint } from '../testing/bad-input.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

let count = 0
/** Two people, or three, with a direct room in which one message was said; and somebody else. */
async function stage(size: 2 | 3) {
  const [ann, bob, cat, eve] = await Promise.all(
    ['ann', 'bob', 'cat', 'eve'].map((name) => server.member(name + count)),
  )
  count++
  const user_ids = [bob!, cat!].slice(0, size - 1).map(({ id }) => id)
  const { id } = (await ann!.ask<OwnRoom>('POST', '/api/direct/', { user_ids })).body
  await bob!.send(id, 'hello')
  return { ann: ann!, bob: bob!, eve: eve!, roomId: id }
}

const close = (person: Person, roomId: number, seq: number) =>
  person.ask<OwnRow>('PUT', `/api/own/closing/${roomId}/`, { value: { seq } })
const sync = (person: Person, user_version = 0) => person.post<SyncAnswer>('/api/sync/', { user_version })

for (const size of [2, 3] as const) {
  test(`a direct room of ${size} is put away for oneself alone, on all devices, and opened again`, async () => {
    const { ann, bob, roomId } = await stage(size)
    const room = () => bob.get<OwnRoom>(`/api/rooms/${roomId}/`)
    const [phone, others, before] = [await server.listen(ann), await server.listen(bob), await room()]
    const closed = await close(ann, roomId, 1)
    const row = { kind: 'closing', key: String(roomId), value: { seq: 1 }, own_version: closed.body.own_version }
    assert.deepEqual([closed.status, closed.body], [200, row])
    assert.deepEqual((await close(ann, roomId, 1)).body, row, 'a repeat changes nothing')
    const opened = await ann.ask<OwnRow>('DELETE', `/api/own/closing/${roomId}/`)
    assert.deepEqual(opened.body, { ...row, value: null, own_version: row.own_version + 1 })
    await phone.until((events) => events.length >= 2)
    assert.deepEqual(
      phone.events.map(({ body }) => 'rows' in body && body.rows),
      [[row], [opened.body]],
    )
    await server.services.announcer.drained()
    assert.deepEqual(others.events, [], 'nobody else hears of it')
    assert.deepEqual(await room(), before, 'and the room is as it was')
    assert.deepEqual((await sync(ann, row.own_version)).own.rows, [opened.body])
  })
}

test('only direct rooms that are one’s own are put away, and nothing that was not said yet', async () => {
  const { ann, eve, roomId } = await stage(2)
  const { id: general } = (await ann.ask<OwnRoom>('POST', '/api/rooms/', { name: 'General', kind: 'public' })).body
  const before = await fingerprint(server.services)
  assertRefused(await close(eve, roomId, 0), 'somebody else', [404])
  assertRefused(await close(ann, roomId + 1_000_000, 0), 'no room', [404])
  assertRefused(await close(ann, general, 0), 'no direct room', [400])
  assertRefused(await close(ann, roomId, 2), 'what is yet to come', [400])
  assert.equal(await fingerprint(server.services), before)
  assert.equal((await close(ann, roomId, 1)).status, 200)
})
