import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from '../rooms/entry.ts'
import type { Rooms } from '../rooms/rooms.ts'
import { createLargeRooms } from './large-rooms.ts'

type Delivery = 'personal' | 'room'

function setUp() {
  const deliveries = new Map<number, Delivery>()
  const open = new Set<number>()
  const asked: (readonly string[])[] = []
  const rooms = {
    entry(id: number) {
      const delivery = deliveries.get(id)
      return delivery && ({ id, own: { left_at: null }, room: { delivery } } as unknown as Entry)
    },
  } as Rooms
  const large = createLargeRooms({
    rooms,
    isOpen: (id) => open.has(id),
    listenTo: (channels) => asked.push(channels),
  })
  function set(id: number, delivery: Delivery) {
    deliveries.set(id, delivery)
    large.check(id)
  }
  return { set, deliveries, open, asked, large }
}

test('the channels of large rooms are listened to, for as long as they are large and the viewer is in them', () => {
  const { set, deliveries, asked, large } = setUp()
  set(1, 'personal')
  assert.deepEqual(asked, [])
  set(2, 'room')
  set(3, 'room')
  set(3, 'room')
  assert.deepEqual(asked, [['room:2'], ['room:2', 'room:3']])
  set(2, 'personal')
  deliveries.delete(3)
  large.check(3)
  assert.deepEqual(asked.slice(2), [['room:3'], []])
})

test('beyond a hundred large rooms those that are opened take the places of others', () => {
  const { set, open, asked } = setUp()
  for (let id = 1; id <= 150; id++) set(id, 'room')
  assert.equal(asked.at(-1)!.length, 100)
  assert.ok(!asked.at(-1)!.includes('room:150'))
  open.add(150)
  set(150, 'room')
  assert.equal(asked.at(-1)!.length, 100)
  assert.equal(asked.at(-1)![0], 'room:150')
})
