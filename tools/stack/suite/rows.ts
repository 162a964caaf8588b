import assert from 'node:assert/strict'
import { test } from 'node:test'
import type pg from 'pg'
import type { MessageAdded } from '../../../contracts/messages/schema.ts'
import type { Person } from '../../../server/testing/person.ts'
import type { LargeStack } from '../large.ts'
import { until } from '../ports.ts'
import type { Service } from '../service.ts'
import { hear, heardAll, heardExactly, messagesHeard } from './hearing.ts'
import { member, openClient, openRoom, seen } from './people.ts'

export type Site = {
  stack: LargeStack
  olga: Person
  db: pg.Pool
  /** What takes events out of the database or out of Kafka. */
  consumer: Service
}

let people = 0

/** Two people who are new, in rooms of their own. */
export async function roomsOfTwo({ stack, olga }: Site, count = 1) {
  const names = [`ann-${++people}`, `bob-${people}`] as const
  const [ann, bob] = [await member(stack, olga, names[0]), await member(stack, olga, names[1])]
  const rooms: number[] = []
  for (let n = 0; n < count; n++) {
    const { id } = await ann.createRoom(`Room ${n} of ${names[0]}`)
    await bob.join(id)
    rooms.push(id)
  }
  return { ann, bob, names, rooms, room: rooms[0]! }
}

export const numbered = (count: number) => Array.from({ length: count }, (_, n) => `number ${n}`)

export async function sendAll(person: Person, roomId: number, texts: readonly string[]): Promise<MessageAdded[]> {
  const acked: MessageAdded[] = []
  for (const text of texts) acked.push(await person.send(roomId, text))
  return acked
}

/** The messages that are committed. */
export async function storedIn(db: pg.Pool, roomId: number): Promise<Array<{ id: number }>> {
  const text = 'select id::float8 as id from messages where room_id = $1 and seq is not null'
  return (await db.query<{ id: number }>(text, [roomId])).rows
}

/** What must hold however the rows get from the database to Centrifugo. */
export function testRows(site: Site, mode: string): void {
  const { stack, db, consumer } = site

  void test(`${mode}: each event reaches every member once, in order, whichever backend was asked`, async (t) => {
    const { ann, bob, rooms } = await roomsOfTwo(site, 3)
    const ears = [await hear(t, ann), await hear(t, bob)]
    ann.url = stack.backends[0]!.url
    bob.url = stack.backends[1]!.url
    const acked = await Promise.all(
      rooms.map(async (room) =>
        (await Promise.all([ann, bob].map((person) => sendAll(person, room, numbered(15))))).flat(),
      ),
    )
    for (const ear of ears) for (const [n, room] of rooms.entries()) await heardExactly(ear, room, acked[n]!)
  })

  void test(`${mode}: nothing is missing when what reads the rows is killed and comes back`, async (t) => {
    const { ann, names, room } = await roomsOfTwo(site)
    const client = await openClient(t, stack, names[1])
    const timeline = await openRoom(client, room)
    const half = await sendAll(ann, room, numbered(20))
    await consumer.kill()
    const rest = await sendAll(ann, room, numbered(20))
    await consumer.start()
    await seen(timeline, ({ messages }) => messages.length === 40)
    assert.deepEqual(
      timeline.get().messages.map(({ seq }) => seq),
      [...half, ...rest].map(({ seq }) => seq),
    )
  })

  void test(`${mode}: what a killed backend committed goes out all the same`, async (t) => {
    const { ann, bob, room } = await roomsOfTwo(site)
    const ear = await hear(t, bob)
    const backend = stack.backends[0]!
    ann.url = backend.url
    await ann.csrf()
    const acked: MessageAdded[] = []
    const sends = numbered(60).map((text) => ann.send(room, text).then((message) => acked.push(message)))
    const settled = Promise.allSettled(sends)
    await until(async () => (await storedIn(db, room)).length > 0)
    await backend.kill()
    await settled
    const stored = await storedIn(db, room)
    assert.ok(acked.every(({ id }) => stored.some((row) => row.id === id)))
    await heardAll(ear, room, stored)
    const ids = messagesHeard(ear, room).map(({ id }) => id)
    assert.deepEqual(
      ids,
      [...new Set(ids)].toSorted((a, b) => a - b),
    )
    await backend.start()
  })
}
