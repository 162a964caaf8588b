import type { DiscoveredRoom } from '@grandchat/contracts/rooms/schema'
import { conversations, longConversation } from './conversations.ts'
import { createFakeRoom } from './fake-room.ts'
import type { FakeRoom } from './fake-room.ts'
import { hostileTexts } from './hostile.ts'

/** The rooms of a scene, as somebody who has been here for a while sees them. */
export function roomsOf(scene: string): FakeRoom[] {
  if (scene === 'first_use' || scene === 'invited' || scene === 'loading' || scene === 'list_error') return []
  const rooms = [
    createFakeRoom({
      id: 1,
      name: 'design',
      topic: 'Everything with a pixel in it. Reviews on Tuesdays at ten.',
      said: said('design'),
      unread: scene === 'hostile' ? 0 : 3,
      role: 'owner',
    }),
    createFakeRoom({
      id: 2,
      name: 'general',
      topic: 'Announcements and small talk',
      said: said('general'),
      memberCount: 128,
    }),
    createFakeRoom({ id: 3, name: 'incident-2026-11', said: said('incident-2026-11'), memberCount: 4 }),
    createFakeRoom({ id: 4, name: 'book club', said: said('book club'), memberCount: 11 }),
    createFakeRoom({
      id: 5,
      name: 'Hiring, private notes',
      kind: 'private',
      said: said('Hiring, private notes'),
      memberCount: 3,
    }),
    createFakeRoom({
      id: 6,
      name: 'archive of decisions',
      said: longConversation(2_000),
      unread: scene === 'unread' ? 340 : 40,
      mentions: [1_600, 1_970, 1_990],
      memberCount: 1_204,
    }),
    createFakeRoom({ id: 7, name: 'empty room', said: [], memberCount: 1, role: 'owner' }),
  ]
  if (scene === 'one') return rooms.slice(0, 1)
  if (scene === 'hostile') rooms.unshift(hostileRoom())
  if (scene === 'many') rooms.push(...manyRooms())
  return rooms
}

const said = (name: string) => conversations[name] ?? []

function hostileRoom(): FakeRoom {
  const texts = Object.values(hostileTexts)
  return createFakeRoom({
    id: 8,
    name: '<img src=x onerror=alert(1)> & a name that goes on and on until the end of the hundred characters ok',
    kind: 'private',
    topic: 'מה שלומך? A topic in two directions <b>bold</b>',
    said: texts.map((text, i) => [texts.length * 2 - i * 2, i % 2 ? 'bartholomew' : 'noa', text]),
    unread: 120,
    memberCount: 100_000,
  })
}

function manyRooms(): FakeRoom[] {
  return Array.from({ length: 60 }, (_, i) =>
    createFakeRoom({
      id: 100 + i,
      name: `project ${i + 1}`,
      said: [[2_000 + i * 300, 'sam', `Status of week ${i + 1}`]],
    }),
  )
}

const elsewhere = [
  ['announcements', 'Read by everybody, written by few', 214],
  ['cycling', 'Routes, repairs and very early mornings', 23],
  ['data', '', 17],
  ['frontend', 'Browsers and what they do to us', 31],
  ['gardening', 'The roof, mostly', 9],
  ['help desk', 'No question is too small', 156],
] as const

export function discoverable(rooms: readonly FakeRoom[]): DiscoveredRoom[] {
  const joined = rooms.flatMap((room): DiscoveredRoom[] => {
    const view = room.view.get()
    return view?.kind === 'public' ? [{ ...view, is_member: true }] : []
  })
  const others = elsewhere.map(([name, topic, member_count], i): DiscoveredRoom => {
    const created_at = '2026-03-14T09:30:00.000000Z'
    return { id: 50 + i, name, kind: 'public', topic, member_count, created_at, archived_at: null, is_member: false }
  })
  return [...joined, ...others].sort((a, b) => a.name.localeCompare(b.name))
}
