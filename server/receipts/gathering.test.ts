import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { gatherMs, Receipts } from './receipts.ts'

let server: TestServer
let ann: Person
let bob: Person
before(async () => {
  server = await startTestServer()
  ann = await server.member('ann')
  bob = await server.member('bob')
})
after(() => server.stop())

/** A clock that stands still until it is moved. */
function standingClock() {
  let now = 0
  const alarms = new Set<{ at: number; run: () => void }>()
  return {
    now: () => now,
    after(ms: number, run: () => void) {
      const alarm = { at: now + ms, run }
      alarms.add(alarm)
      return () => void alarms.delete(alarm)
    },
    pass(ms: number) {
      now += ms
      for (const alarm of [...alarms].filter(({ at }) => at <= now)) {
        alarms.delete(alarm)
        alarm.run()
      }
    },
    waiting: () => alarms.size,
  }
}

async function start() {
  const clock = standingClock()
  const errors: unknown[] = []
  const receipts = new Receipts({ changer: server.services, onError: (error) => errors.push(error), ...clock })
  const room = await ann.createRoom('Gathering')
  await bob.join(room.id)
  for (let n = 0; n < 5; n++) await ann.send(room.id, `m${n}`)
  const version = async () => (await ann.get<OwnRoom>(`/api/rooms/${room.id}/`)).version
  /** Until what was begun is done; nothing else is told by it. */
  const told = () => server.services.lanes.run(room.id, async () => undefined)
  return { clock, errors, receipts, roomId: room.id, version, told }
}

test('whatever happens within two seconds is one version, and the next comes two seconds later', async () => {
  const { clock, receipts, roomId, version, told } = await start()
  const before = await version()
  receipts.noteDelivered(roomId, bob.id, 1)
  clock.pass(gatherMs - 1)
  receipts.noteDelivered(roomId, bob.id, 2)
  receipts.noteDelivered(roomId, ann.id, 1)
  receipts.noteRead(roomId)
  await told()
  assert.equal(await version(), before)
  clock.pass(1)
  await told()
  assert.equal(await version(), before + 1)
  receipts.noteDelivered(roomId, bob.id, 3)
  clock.pass(gatherMs - 1)
  await told()
  assert.equal(await version(), before + 1)
  clock.pass(1)
  await told()
  assert.equal(await version(), before + 2)
  assert.equal(clock.waiting(), 0)
})

test('every room has its own time, and many are told one after the other', async () => {
  const { clock, receipts, roomId, version, told } = await start()
  const other = await start()
  const [before, otherBefore] = [await version(), await other.version()]
  receipts.noteDelivered(roomId, bob.id, 1)
  clock.pass(gatherMs / 2)
  receipts.noteDelivered(other.roomId, bob.id, 1)
  clock.pass(gatherMs / 2)
  await told()
  assert.deepEqual([await version(), await other.version()], [before + 1, otherBefore])
  clock.pass(gatherMs / 2)
  await other.told()
  assert.equal(await other.version(), otherBefore + 1)
})

test('what could not be told is told later, with what came meanwhile', async () => {
  const { clock, errors, receipts, roomId, version } = await start()
  const before = await version()
  const { lanes } = server.services
  const run = lanes.run.bind(lanes)
  lanes.run = () => Promise.reject(new Error('too much waits'))
  receipts.noteDelivered(roomId, bob.id, 3)
  clock.pass(gatherMs)
  await new Promise((resolve) => setImmediate(resolve))
  lanes.run = run
  assert.equal(errors.length, 1)
  receipts.noteDelivered(roomId, bob.id, 2)
  await receipts.flush()
  assert.equal(await version(), before + 1)
  const row = await server.services.db
    .selectFrom('memberships')
    .select('delivered_seq')
    .where('room_id', '=', roomId)
    .where('user_id', '=', bob.id)
    .executeTakeFirstOrThrow()
  assert.equal(row.delivered_seq, 3)
})
