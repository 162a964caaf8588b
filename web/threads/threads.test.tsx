import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { FakeClient } from '../testing/fake-client.ts'
import { findComposer, renderApp } from '../testing/render-app.tsx'

const room = () => screen.getByRole('region', { name: 'Messages in general' })
const panel = () => screen.findByRole('complementary', { name: 'Thread' })
const field = async () => within(await panel()).findByRole('textbox', { name: 'Reply in this thread' })

function messageOf(client: FakeClient, roomId = 2): { id: number; content: string } {
  return client.messages
    .timeline(roomId)
    .get()
    .messages.find(({ content }) => content.startsWith('Who has'))!
}

/** The room, with a message in it that one may answer. */
async function openRoom(scene?: string) {
  const client = await renderApp('/rooms/2', scene)
  await findComposer()
  const root = messageOf(client)
  const row = () => room().querySelector<HTMLElement>(`[data-message-id="${root.id}"]`)!
  return { client, root, row }
}

async function answer(text: string): Promise<void> {
  const input = await field()
  fireEvent.change(input, { target: { value: text } })
  fireEvent.keyDown(input, { key: 'Enter' })
}

test('a message is answered in a thread, which then hangs from it', async () => {
  const { row, root } = await openRoom()
  row().focus()
  fireEvent.keyDown(row(), { key: 't' })
  expect(within(await panel()).getByText('No replies yet')).toBeTruthy()
  expect(location.pathname).toBe(`/rooms/2/threads/${root.id}`)
  await answer('I have it')
  expect(await within(await panel()).findByText('I have it')).toBeTruthy()
  expect(within(await panel()).getByText('Who has the projector?')).toBeTruthy()
  expect(within(room()).queryByText('I have it')).toBeNull()
  const line = await within(row()).findByRole('button', { name: /^1 reply/ })
  fireEvent.click(screen.getByRole('button', { name: 'Close thread' }))
  await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Thread' })).toBeNull())
  fireEvent.click(line)
  expect(within(await panel()).getByText('I have it')).toBeTruthy()
})

test('Escape closes the thread and gives the focus back', async () => {
  const { row } = await openRoom()
  row().focus()
  fireEvent.keyDown(row(), { key: 't' })
  fireEvent.keyDown(await field(), { key: 'Escape' })
  await waitFor(() => expect(location.pathname).toBe('/rooms/2'))
  await waitFor(() => expect(document.activeElement).toBe(row()))
})

test('a draft waits in its thread, and the room keeps its own', async () => {
  const { root } = await openRoom()
  fireEvent.change(await findComposer(), { target: { value: 'for the room' } })
  act(() => {
    history.pushState(null, '', `/rooms/2/threads/${root.id}`)
    dispatchEvent(new PopStateEvent('popstate'))
  })
  fireEvent.change(await field(), { target: { value: 'for the thread' } })
  fireEvent.click(screen.getByRole('button', { name: 'Close thread' }))
  expect(await findComposer()).toHaveProperty('value', 'for the room')
  fireEvent.keyDown(room().querySelector(`[data-message-id="${root.id}"]`)!, { key: 't' })
  expect(await field()).toHaveProperty('value', 'for the thread')
})

test('what is done with messages of a room is done with those of a thread, without threads of their own', async () => {
  const { client, root } = await openRoom()
  client.fake.answer(2, root.id, 'sam', 'On my desk')
  fireEvent.click(await within(room()).findByRole('button', { name: /^1 reply/ }))
  const reply = (await within(await panel()).findByText('On my desk')).closest('article')!
  reply.focus()
  fireEvent.keyDown(reply, { key: 'Enter' })
  const menu = await screen.findByRole('menu')
  const names = within(menu)
    .getAllByRole('menuitem')
    .map((item) => item.textContent)
  expect(names.some((name) => name?.startsWith('React'))).toBe(true)
  expect(names.some((name) => name?.startsWith('Reply'))).toBe(false)
  act(() => client.reactions.set(2, Number(reply.dataset.messageId), '👍', true))
  await within(await panel()).findByRole('button', { name: /👍 1 reaction/ })
})

test('a message that was deleted keeps its place as long as something hangs from it', async () => {
  const { client, root, row } = await openRoom()
  act(() => client.fake.answer(2, root.id, 'sam', 'On my desk'))
  await act(async () => client.messages.remove(2, root.id))
  await waitFor(() => expect(within(row()).getByText('Message deleted')).toBeTruthy())
  fireEvent.click(within(row()).getByRole('button', { name: /^1 reply/ }))
  expect(within(await panel()).getByText('On my desk')).toBeTruthy()
  expect(within(await panel()).getByText('Message deleted')).toBeTruthy()
})

test('the address of a message that was said in a thread leads there', async () => {
  const { client, root } = await openRoom()
  act(() => client.fake.answer(2, root.id, 'sam', 'On my desk'))
  const [reply] = client.threads.timeline(2, root.id).get().messages
  act(() => {
    history.pushState(null, '', `/rooms/2/messages/${reply?.id}`)
    dispatchEvent(new PopStateEvent('popstate'))
  })
  expect(await within(await panel()).findByText('On my desk')).toBeTruthy()
  expect(screen.queryByText(/was never here/)).toBeNull()
})

test('an address of no thread says so', async () => {
  await renderApp('/rooms/2/threads/999999')
  expect(await screen.findByText(/There is no such thread/)).toBeTruthy()
})

/** A thread in the room that the viewer has written in and that is not on screen. */
async function followOne() {
  document.hasFocus = () => true
  const staged = await openRoom()
  await act(async () => void staged.client.messages.send(2, 'I have it', { threadId: staged.root.id }))
  await within(staged.row()).findByRole('button', { name: /^1 reply/ })
  return staged
}

test('news of a followed thread are told beside it and in the list of rooms until it is read', async () => {
  const { client, root, row } = await followOne()
  expect(screen.getByRole('link', { name: 'Threads' })).toBeTruthy()
  act(() => client.fake.answer(2, root.id, 'sam', 'Bring it back'))
  expect(await screen.findByRole('link', { name: /Threads.*1 thread with news/ })).toBeTruthy()
  fireEvent.click(within(row()).getByRole('button', { name: /^2 replies.*1 new/ }))
  await within(await panel()).findByText('Bring it back')
  expect(await screen.findByRole('link', { name: 'Threads' })).toBeTruthy()
})

test('a thread that is not followed tells nothing', async () => {
  const { client, root, row } = await followOne()
  fireEvent.click(within(row()).getByRole('button', { name: /^1 reply/ }))
  fireEvent.click(await within(await panel()).findByRole('button', { name: 'Stop following this thread' }))
  fireEvent.click(screen.getByRole('button', { name: 'Close thread' }))
  act(() => client.fake.answer(2, root.id, 'sam', 'Bring it back'))
  await within(row()).findByRole('button', { name: /^2 replies Last|^2 repliesLast/ })
  expect(screen.getByRole('link', { name: 'Threads' })).toBeTruthy()
})

test('followed threads are listed, and lead to their rooms', async () => {
  const { root } = await followOne()
  fireEvent.click(screen.getByRole('link', { name: 'Threads' }))
  const list = await screen.findByRole('list', { name: 'Threads' })
  expect(await within(list).findByText('I have it')).toBeTruthy()
  fireEvent.click(await within(list).findByRole('link', { name: 'Who has the projector?' }))
  expect(location.pathname).toBe(`/rooms/2/threads/${root.id}`)
  expect(await within(await panel()).findByText('I have it')).toBeTruthy()
})

test('without any, the page says what threads are for', async () => {
  await renderApp('/threads')
  expect(await screen.findByRole('heading', { name: 'No threads yet' })).toBeTruthy()
})

test('threads that have not come yet are not said to be none, and those that could not be had can be asked for again', async () => {
  const { client } = await followOne()
  const known = client.threads.followed.get()
  fireEvent.click(screen.getByRole('link', { name: 'Threads' }))
  act(() => client.fake.setFollowed({ status: 'loading', threads: [], hasOlder: false }))
  expect(screen.queryByRole('heading', { name: 'No threads yet' })).toBeNull()
  act(() => client.fake.setFollowed({ status: 'error', threads: [], hasOlder: false }))
  expect(await screen.findByRole('heading', { name: 'Your threads could not be loaded' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('heading', { name: 'No threads yet' })).toBeTruthy()
  act(() => client.fake.setFollowed({ ...known, hasOlder: true }))
  expect(await screen.findByRole('button', { name: 'Show older threads' })).toBeTruthy()
})

test('who writes in a thread is named there, and what is written there can be sent later', async () => {
  const { client, root, row } = await openRoom()
  row().focus()
  fireEvent.keyDown(row(), { key: 't' })
  fireEvent.change(await field(), { target: { value: 'In the morning' } })
  expect(client.fake.written.at(-1)).toEqual([2, true, root.id])
  act(() => client.fake.setTyping(root.id, 'sam'))
  expect(within(await panel()).getByText(/is typing$/)).toBeTruthy()
  fireEvent.click(await within(await panel()).findByRole('button', { name: 'Send later' }))
  const [first] = await screen.findAllByRole('menuitem')
  fireEvent.click(first!)
  await waitFor(() => expect(client.scheduled.list.get()).toHaveLength(1))
  expect(client.scheduled.list.get()[0]).toMatchObject({ room_id: 2, thread_id: root.id, content: 'In the morning' })
})
