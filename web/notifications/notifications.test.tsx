import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RoomList, RoomView } from '@grandchat/client'
import { renderApp } from '../testing/render-app.tsx'
import { createStore } from '../testing/store.ts'
import { person } from '../testing/people.ts'
import { quietUntil, showing, tomorrowMorning } from './choices.ts'
import { watchForNews } from './watch.ts'

type Shown = { title: string; body?: string; tag?: string; target: EventTarget }
let shown: Shown[] = []

class FakeNotification extends EventTarget {
  static permission: NotificationPermission = 'granted'
  static answer: NotificationPermission = 'granted'
  static async requestPermission(): Promise<NotificationPermission> {
    FakeNotification.permission = FakeNotification.answer
    return FakeNotification.answer
  }
  constructor(title: string, options: NotificationOptions = {}) {
    super()
    shown.push({ title, target: this, ...options })
  }
  close() {}
}

beforeEach(() => {
  shown = []
  FakeNotification.permission = 'granted'
  vi.stubGlobal('Notification', FakeNotification)
  showing.set('on')
})
afterEach(() => {
  showing.set('off')
  quietUntil.set(0)
  vi.unstubAllGlobals()
})

/** Somebody says something in a room that is as told. */
async function hear(change: Partial<RoomView>, said: { content?: string; ago?: number; by?: string } = {}) {
  const client = await renderApp('/discover')
  showing.set('on')
  await screen.findByRole('list', { name: 'Your rooms' })
  const session = client.session.get()
  const room = client.rooms.list.get().rooms.find(({ kind }) => kind === 'public')
  if (session.status !== 'signed_in' || !room) throw new Error('Nobody is there')
  const before = { ...room, last_seq: 5 }
  const list = createStore<RoomList>({ status: 'ready', rooms: [before] })
  const stop = watchForNews({ rooms: { list } }, session.me)
  const { content = 'said **loudly**', ago = 0, by = 'yusuf' } = said
  const last_message = {
    id: 1_000_000,
    content,
    user: by === 'me' ? { ...session.me, display_name: null } : person(by),
    created_at: new Date(Date.now() - ago).toISOString(),
  }
  list.set({ status: 'ready', rooms: [{ ...before, title: 'here', unread: 1, ...change, last_message }] })
  stop()
  cleanup()
  return { id: before.id, me: session.me }
}

test('what others say is shown as plain text, once for a room, and leads to its message', async () => {
  const { id } = await hear({})
  expect(shown.map(({ title, body, tag }) => [title, body, tag])).toEqual([
    ['Yusuf Demir in here', 'said loudly', `room-${id}`],
  ])
  act(() => void shown[0]?.target.dispatchEvent(new Event('click')))
  expect(location.pathname).toBe(`/rooms/${id}/messages/1000000`)
})

test.each<[string, Partial<RoomView>, string, number]>([
  ['a muted room', { muted: true, unread_mentions: [1_000] }, '@all', 0],
  ['a muted direct room', { kind: 'direct', muted: true }, 'hello', 0],
  ['a direct room', { kind: 'direct', level: 'nothing' }, 'hello', 1],
  ['a room of mentions, without one', { level: 'mentions' }, 'hello', 0],
  ['a room of mentions, with a new one', { level: 'mentions', unread_mentions: [3, 6] }, 'hello @all', 1],
  ['a room of mentions, with one from before', { level: 'mentions', unread_mentions: [3] }, 'hello', 0],
  ['a room of mentions, by who may not call all', { level: 'mentions' }, '@all', 0],
  ['a room of nothing', { level: 'nothing', unread_mentions: [1_000] }, '@all', 0],
  ['what was read elsewhere', { unread: 0 }, 'hello', 0],
])('%s is heard as one chose', async (_, change, content, count) => {
  await hear(change, { content })
  expect(shown.length).toBe(count)
})

test('nothing is shown of what is old, of oneself, or while nothing may disturb', async () => {
  await hear({}, { ago: 61_000 })
  await hear({}, { by: 'me' })
  quietUntil.set(Date.now() + 60_000)
  await hear({})
  expect(shown).toEqual([])
})

test('the morning after is at eight', () => {
  expect(new Date(tomorrowMorning(new Date(2026, 11, 31, 23, 30)))).toEqual(new Date(2027, 0, 1, 8))
})

test('turning them on asks the browser, and says so if it refuses', async () => {
  showing.set('off')
  FakeNotification.permission = 'default'
  FakeNotification.answer = 'denied'
  await renderApp('/settings')
  fireEvent.change(await screen.findByRole('combobox', { name: 'New messages' }), { target: { value: 'on' } })
  await screen.findByText(/^The browser has blocked/)
  expect(showing.get()).toBe('off')
  FakeNotification.answer = 'granted'
  fireEvent.change(screen.getByRole('combobox', { name: 'New messages' }), { target: { value: 'on' } })
  await waitFor(() => expect(showing.get()).toBe('on'))
  expect(await screen.findByRole('combobox', { name: 'Do not disturb' })).toBeTruthy()
})

test('where there are none, the settings say what they need', async () => {
  vi.unstubAllGlobals()
  await renderApp('/settings')
  await screen.findByText(/They need a secure address/)
  expect(screen.queryByRole('combobox', { name: 'New messages' })).toBeNull()
})
