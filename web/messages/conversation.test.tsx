import { act, createEvent, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { FakeClient } from '../testing/fake-client.ts'
import { findComposer, renderApp } from '../testing/render-app.tsx'

const conversation = () => screen.getByRole('region', { name: /^Messages in/ })
const articles = () => within(conversation()).getAllByRole('article')
const statuses = () => articles().map((article) => article.dataset.status)

async function openRoom(roomId: number, scene?: string): Promise<{ client: FakeClient; composer: HTMLElement }> {
  const client = await renderApp(`/rooms/${roomId}`, scene)
  return { client, composer: await findComposer() }
}

function write(composer: HTMLElement, text: string): void {
  fireEvent.change(composer, { target: { value: text } })
  fireEvent.keyDown(composer, { key: 'Enter' })
}

test('a message is shown at once and becomes a sent one in its place', async () => {
  const { composer } = await openRoom(2)
  write(composer, 'hello there')
  const pending = screen.getByText('hello there').closest('article')
  expect(pending?.dataset.status).toBe('sending')
  expect(composer).toHaveProperty('value', '')
  await waitFor(() => expect(pending?.dataset.status).toBe('sent'))
  expect(pending?.isConnected).toBe(true)
  expect(screen.getAllByText('hello there')).toHaveLength(1)
})

test('Shift+Enter breaks the line, and an input method keeps its Enter', async () => {
  const { composer } = await openRoom(2)
  fireEvent.change(composer, { target: { value: 'half' } })
  for (const how of [{ shiftKey: true }, { isComposing: true }, { keyCode: 229 }]) {
    const event = createEvent.keyDown(composer, { key: 'Enter', ...how })
    fireEvent(composer, event)
    expect(event.defaultPrevented).toBe(false)
  }
  expect(composer).toHaveProperty('value', 'half')
})

test('nothing but spaces is not sent', async () => {
  const { composer } = await openRoom(7)
  write(composer, ' \n ')
  expect(within(conversation()).queryByRole('article')).toBeNull()
})

test('a refused message says why and offers two ways on', async () => {
  const { client, composer } = await openRoom(2, 'failed')
  write(composer, 'will fail')
  await screen.findByText('Not sent. You may not do this.')
  expect(statuses().at(-1)).toBe('failed')
  client.fake.sends = 'ok'
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(statuses().at(-1)).toBe('sent'))
})

test('a refused message can be deleted', async () => {
  const { composer } = await openRoom(2, 'failed')
  write(composer, 'will fail')
  fireEvent.click(await screen.findByRole('button', { name: 'Delete' }))
  await waitFor(() => expect(screen.queryByText('will fail')).toBeNull())
})

test('the counter speaks up near the limit and refuses beyond it', async () => {
  const { composer } = await openRoom(7)
  fireEvent.change(composer, { target: { value: '😀'.repeat(4_990) } })
  await screen.findByText('10 characters left')
  write(composer, '😀'.repeat(5_001))
  await screen.findByText('1 character too many')
  expect(composer.getAttribute('aria-invalid')).toBe('true')
  expect(within(conversation()).queryByRole('article')).toBeNull()
})

test('a draft waits in its room', async () => {
  const { composer } = await openRoom(2)
  fireEvent.change(composer, { target: { value: 'unfinished' } })
  fireEvent.click(screen.getByRole('link', { name: /design/ }))
  expect(await findComposer()).toHaveProperty('value', '')
  fireEvent.click(screen.getByRole('link', { name: /general/ }))
  expect(await findComposer()).toHaveProperty('value', 'unfinished')
})

test('what others write is read out once', async () => {
  const { client } = await openRoom(2)
  const region = document.querySelector('[data-announcements]')
  expect(region?.textContent).toBe('')
  act(() => client.fake.say(2, 'sam', 'anyone here?'))
  expect(region?.textContent).toBe('sam: anyone here?')
  act(() => void client.messages.send(2, 'me'))
  await waitFor(() => expect(statuses().at(-1)).toBe('sent'))
  expect(region?.textContent).toBe('sam: anyone here?')
})

test('what is looked at counts as read, and what is not does not', async () => {
  const { client } = await openRoom(2)
  const look = (focused: boolean) => {
    document.hasFocus = () => focused
    act(() => void window.dispatchEvent(new Event(focused ? 'focus' : 'blur')))
  }
  look(false)
  act(() => client.fake.say(2, 'sam', 'one'))
  const seq = client.rooms.get(2).get()?.last_seq ?? 0
  expect(client.fake.marked.get(2)).not.toBe(seq)
  expect(document.title).toMatch(/^\(\d+\) general/)
  look(true)
  await waitFor(() => expect(client.fake.marked.get(2)).toBe(seq))
})

test('new messages are divided from those read before', async () => {
  await openRoom(1)
  expect(await screen.findByRole('separator', { name: 'New messages from here on' })).toBeTruthy()
})

test('a room whose messages cannot be loaded can be tried again', async () => {
  await openRoom(1, 'room_error')
  await screen.findByRole('heading', { name: 'The messages could not be loaded' })
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(articles().length).toBeGreaterThan(0))
})

test('an empty room says what it is for', async () => {
  await openRoom(7)
  expect(screen.getByText(/Write the first message/)).toBeTruthy()
})
