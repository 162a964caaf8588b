import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'
import type { FakeClient } from '../testing/fake-client.ts'
import { nextOrder } from './unread-rooms.ts'

const unreadIn = (client: FakeClient) => client.rooms.list.get().rooms.filter((room) => room.unread > 0 && !room.muted)
const sections = () => [...document.querySelectorAll<HTMLElement>('[data-unread-room]')]
const shownIds = () => sections().map((section) => Number(section.dataset['unreadRoom']))
const sectionOf = (roomId: number) => sections().find((each) => each.dataset['unreadRoom'] === String(roomId))!
const texts = (roomId: number) =>
  within(sectionOf(roomId))
    .queryAllByRole('article')
    .map((row) => row.textContent)

async function open(scene = 'team') {
  const client = await renderApp('/unreads', scene)
  await screen.findByRole('heading', { name: 'All unread', level: 1 })
  await waitFor(() => expect(sections().length).toBeGreaterThan(0))
  return client
}

test('what is unread stands under its room, the newest first, as it stands in the room', async () => {
  const client = await open()
  const unread = unreadIn(client)
  expect(shownIds()).toEqual(unread.map(({ id }) => id))
  for (const room of unread) {
    const messages = client.fake.messages(room.id).filter(({ seq }) => (seq ?? 0) > room.read_seq)
    await waitFor(() => expect(texts(room.id).length).toBe(Math.min(30, messages.length)))
    expect(texts(room.id).at(-1)).toContain(messages.at(-1)?.content.slice(0, 20))
  }
  const count = unread.reduce((sum, room) => sum + room.unread, 0)
  expect(screen.getByRole('link', { name: new RegExp(`^All unread.*${count}`) })).toBeTruthy()
})

test('favourites stand above, muted rooms are left out, and nothing moves while one reads', async () => {
  const client = await open()
  const before = shownIds()
  const [first, second] = before
  if (first === undefined || second === undefined) throw new Error('Two rooms must be unread')
  act(() => client.fake.say(second, 'yusuf', 'And another thing'))
  expect(client.rooms.list.get().rooms[0]?.id).toBe(second)
  expect(shownIds()).toEqual(before)
  expect(texts(second).at(-1)).toContain('And another thing')
  act(() => client.fake.say(3, 'tomasz', 'The disk is full again'))
  expect(shownIds()).toEqual([...before, 3])
  act(() => client.rooms.setMuted(first, true))
  expect(shownIds()).not.toContain(first)
})

test('places are kept, and what is new comes last', () => {
  const rooms = (...ids: number[]) => ids.map((id) => ({ id }))
  expect(nextOrder([], rooms(3, 1))).toEqual([3, 1])
  const order = [3, 1]
  expect(nextOrder(order, rooms(1, 3))).toBe(order)
  expect(nextOrder(order, rooms(7, 1, 3))).toEqual([3, 1, 7])
  expect(nextOrder(order, rooms(1))).toEqual([1])
})

test('a room is marked as read, the next one has the focus, and it can be taken back', async () => {
  const client = await open()
  const [first, second] = shownIds()
  const room = client.rooms.get(first ?? 0).get()!
  const button = screen.getByRole('button', { name: `Mark ${room.title} as read` })
  button.focus()
  fireEvent.click(button)
  await waitFor(() => expect(shownIds()).not.toContain(first))
  await waitFor(() => expect(sectionOf(second ?? 0).contains(document.activeElement)).toBe(true))
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
  await waitFor(() => expect(shownIds()).toContain(first))
})

test('after the last room one is told that nothing is left', async () => {
  const client = await open()
  fireEvent.click(screen.getByRole('button', { name: 'Mark all as read' }))
  expect(await screen.findByRole('heading', { name: 'You’re all caught up' })).toBeTruthy()
  expect(unreadIn(client)).toEqual([])
  act(() => client.fake.say(1, 'jonas', 'One more'))
  await waitFor(() => expect(texts(1).length).toBe(1))
  expect(screen.queryByRole('heading', { name: 'You’re all caught up' })).toBeNull()
})

test('the keys go from room to room and into messages, and mark as read', async () => {
  await open()
  const [first, second] = shownIds()
  const active = () => document.activeElement
  const press = (key: string) => fireEvent.keyDown(active() ?? document.body, { key })
  document.querySelector<HTMLElement>('[data-unreads]')?.focus()
  press('j')
  expect(active()).toBe(sectionOf(first ?? 0).querySelector('h2 a'))
  press('ArrowDown')
  expect(active()?.tagName).toBe('ARTICLE')
  expect(sectionOf(first ?? 0).contains(active())).toBe(true)
  const rows = sectionOf(first ?? 0).querySelectorAll('article')
  for (const _ of rows) press('ArrowDown')
  expect(sectionOf(second ?? 0).contains(active())).toBe(true)
  expect(active()?.tagName).toBe('ARTICLE')
  press('Escape')
  expect(active()).toBe(sectionOf(second ?? 0).querySelector('h2 a'))
  press('k')
  expect(active()).toBe(sectionOf(first ?? 0).querySelector('h2 a'))
  press('m')
  await waitFor(() => expect(shownIds()).not.toContain(first))
})

test('a room is folded, and an answer is begun in its room', async () => {
  const client = await open()
  const [first] = shownIds()
  const { title } = client.rooms.get(first ?? 0).get()!
  const fold = screen.getByRole('button', { name: `Unread messages of ${title}` })
  fireEvent.click(fold)
  expect(fold.getAttribute('aria-expanded')).toBe('false')
  expect(texts(first ?? 0)).toEqual([])
  fireEvent.click(fold)
  await waitFor(() => expect(texts(first ?? 0).length).toBeGreaterThan(0))
  const row = within(sectionOf(first ?? 0)).getAllByRole('article')[0]!
  row.focus()
  fireEvent.keyDown(row, { key: 'r' })
  await waitFor(() => expect(location.pathname).toBe(`/rooms/${first}/messages/${row.dataset['messageId']}`))
  expect(await screen.findByText(/^Replying to/)).toBeTruthy()
})

test('of very many the newest are shown, and the way to the others is told', async () => {
  await open('unread')
  const earlier = await screen.findByRole('link', { name: /^310 earlier unread messages/ })
  expect(earlier.getAttribute('href')).toBe('/rooms/6')
})

test('what cannot be loaded says so, and that it is still unread', async () => {
  const client = await open()
  const [first] = shownIds()
  act(() => client.fake.setTimeline(first ?? 0, { status: 'error', messages: [] }))
  const alert = within(sectionOf(first ?? 0)).getByRole('alert')
  expect(alert.textContent).toContain('still unread')
  fireEvent.click(within(alert).getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(texts(first ?? 0).length).toBeGreaterThan(0))
})
