import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { FakeClient } from '../testing/fake-client.ts'
import { renderApp } from '../testing/render-app.tsx'

const rows = () => [...document.querySelectorAll<HTMLElement>('[data-mention]')]
const rowOf = (text: string) => rows().find((row) => row.textContent.includes(text))!
const isUnread = (row: HTMLElement | undefined) => row?.dataset['unread'] !== undefined

/** Jonas and Hana have called in two rooms just now. */
async function open(): Promise<FakeClient> {
  const client = await renderApp('/mentions')
  act(() => client.fake.say(2, 'jonas', 'Can you look at this, @maya?'))
  act(() => client.fake.say(1, 'hana', '**Now**, @maya'))
  await screen.findByRole('heading', { name: 'Mentions', level: 1 })
  await waitFor(() => expect(rowOf('Can you look')).toBeTruthy())
  return client
}

test('what mentions one stands in a list, the newest first, with who said it where, and leads there', async () => {
  const client = await open()
  const room = client.rooms.get(1).get()!
  expect(rows()[0]).toBe(rowOf('Now'))
  expect(rows()[1]).toBe(rowOf('Can you look'))
  const row = within(rowOf('Now'))
  expect(row.getByText('Now', { exact: false }).closest('strong')?.textContent).toBe('Now')
  expect(row.getByText(room.title)).toBeTruthy()
  const link = row.getByRole('link', { name: new RegExp(`^Unread\\. Show the message by .+ in ${room.title}$`) })
  fireEvent.click(link)
  await waitFor(() => expect(location.pathname).toBe(`/rooms/1/messages/${client.fake.messages(1).at(-1)?.id}`))
})

test('a mention in a thread leads to its thread', async () => {
  const client = await open()
  const root = client.fake.messages(2)[0]!
  act(() => client.fake.answer(2, root.id, 'sam', 'What does @maya say?'))
  act(() => client.fake.setMentions({}))
  const row = rowOf('What does')
  expect(within(row).getByText('Thread')).toBeTruthy()
  fireEvent.click(within(row).getByRole('link', { name: /^Show the message/ }))
  await waitFor(() => expect(location.pathname).toBe(`/rooms/2/threads/${root.id}`))
})

test('the keys go from mention to mention and mark as read; the side tells how many wait, and Undo takes it back', async () => {
  await open()
  const active = () => document.activeElement
  const press = (key: string) => fireEvent.keyDown(active() ?? document.body, { key })
  rows()[0]?.closest<HTMLElement>('[data-part]')?.focus()
  press('j')
  expect(rows()[0]?.contains(active())).toBe(true)
  press('ArrowDown')
  expect(rows()[1]?.contains(active())).toBe(true)
  press('k')
  expect(rows()[0]?.contains(active())).toBe(true)
  press('m')
  await waitFor(() => expect(isUnread(rows()[0])).toBe(false))
  expect(isUnread(rows()[1])).toBe(true)
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
  await waitFor(() => expect(isUnread(rows()[0])).toBe(true))
})

test('one is marked as read by its button and the focus stays with it; all by one more', async () => {
  await open()
  const button = within(rowOf('Now')).getByRole('button', { name: /^Mark .* as read up to here$/ })
  button.focus()
  fireEvent.click(button)
  await waitFor(() => expect(isUnread(rowOf('Now'))).toBe(false))
  expect(rowOf('Now').contains(document.activeElement)).toBe(true)
  fireEvent.click(screen.getByRole('button', { name: 'Mark all as read' }))
  await waitFor(() => expect(rows().some(isUnread)).toBe(false))
  expect(screen.queryByRole('button', { name: 'Mark all as read' })).toBeNull()
})

test('a sign leads there from anywhere but where one writes', async () => {
  await renderApp('/rooms/1')
  const composer = await screen.findByRole('textbox', { name: /^Message to/ })
  fireEvent.keyDown(composer, { key: '@', shiftKey: true })
  expect(location.pathname).toBe('/rooms/1')
  fireEvent.keyDown(document.body, { key: '@', ctrlKey: true, altKey: true })
  await waitFor(() => expect(location.pathname).toBe('/mentions'))
})

test('without any, the page says what it is for', async () => {
  const client = await open()
  for (const { id } of client.rooms.list.get().rooms) act(() => client.fake.removeRoom(id))
  expect(await screen.findByRole('heading', { name: 'No mentions yet' })).toBeTruthy()
})

test('what could not be loaded is said and tried again, and without a network it is said why', async () => {
  const client = await open()
  act(() => client.fake.setMentions({ status: 'error', hasFailed: true }))
  expect(await screen.findByRole('heading', { name: 'Your mentions could not be loaded' })).toBeTruthy()
  act(() => client.fake.setConnection('offline'))
  expect(screen.getByText(/^You're offline, and they are not on this device yet/)).toBeTruthy()
  act(() => client.fake.setConnection('live'))
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(rows().length).toBeGreaterThan(1))
})

test('older ones are asked for, and it is said if they could not be had', async () => {
  const client = await open()
  act(() => client.fake.setMentions({ hasOlder: true }))
  fireEvent.click(await screen.findByRole('button', { name: 'Show older mentions' }))
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Show older mentions' })).toBeNull())
  act(() => client.fake.setMentions({ hasOlder: true, hasFailed: true }))
  expect(screen.getByRole('alert').textContent).toContain('Nothing is lost')
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull())
})
