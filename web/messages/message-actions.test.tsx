import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { FakeClient } from '../testing/fake-client.ts'
import { findComposer, renderApp } from '../testing/render-app.tsx'

const list = () => screen.getByRole('region', { name: /^Messages in/ })
const article = (text: string | RegExp) => {
  const found = screen.getByText(text).closest('article')
  if (!found) throw new Error(`No message says ${String(text)}`)
  return found
}

async function openRoom(roomId = 2, scene?: string): Promise<{ client: FakeClient; composer: HTMLElement }> {
  const client = await renderApp(`/rooms/${roomId}`, scene)
  const composer = await findComposer()
  return { client, composer }
}

/** Says something in the viewer's name and waits until it is sent. */
async function say(client: FakeClient, text: string): Promise<HTMLElement> {
  act(() => void client.messages.send(2, text))
  await waitFor(() => expect(article(text).dataset.status).toBe('sent'))
  return article(text)
}

/** Gives a message the keyboard. */
function focus(message: HTMLElement): HTMLElement {
  act(() => message.focus())
  return message
}

/** What is hidden from assistive technology takes long to find out, and everything beside an open menu is. */
const fast = { hidden: true }

const press = (target: HTMLElement, key: string) => fireEvent.keyDown(target, { key })
const field = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'New text of the message' })

/** What the menu of a message offers, by its names. */
async function offered(message: HTMLElement): Promise<string[]> {
  press(focus(message), 'Enter')
  const items = await screen.findAllByRole('menuitem', fast)
  return items.map((item) => item.querySelector('kbd')?.previousSibling?.textContent ?? item.textContent)
}

// Opening a menu takes long in a page that lays nothing out.
test.each([
  ['one’s own message', 'my own words', 2, { Reply: true, Edit: true, Delete: true }],
  ['what others said', 'Who has the projector?', 2, { Reply: true, Edit: false, Delete: false }],
  ['what others said in a room that one runs', 'Reading them now', 1, { Reply: true, Edit: false, Delete: true }],
])('the menu of %s offers what one may do', { timeout: 60_000 }, async (_, text, roomId, expected) => {
  const { client } = await openRoom(roomId)
  if (text === 'my own words') await say(client, text)
  const names = await offered(article(text))
  const found = Object.keys(expected).map((name) => [name, names.includes(name)])
  expect(Object.fromEntries(found)).toEqual(expected)
})

test('the arrow up changes what one said last, Enter saves, and writing goes on', async () => {
  const { client, composer } = await openRoom()
  await say(client, 'teh meeting')
  press(composer, 'ArrowUp')
  expect(field().value).toBe('teh meeting')
  fireEvent.change(field(), { target: { value: 'the meeting' } })
  press(field(), 'Enter')
  expect(article('the meeting')).toBeTruthy()
  expect(document.activeElement).toBe(composer)
  expect(await screen.findByRole('button', { name: '(edited)' })).toBeTruthy()
})

test('Escape leaves the text as it was, and so does a text that is the same', async () => {
  const { client, composer } = await openRoom()
  await say(client, 'as it was')
  const edit = vi.spyOn(client.messages, 'edit')
  press(composer, 'ArrowUp')
  fireEvent.change(field(), { target: { value: 'something else' } })
  press(field(), 'Escape')
  press(composer, 'ArrowUp')
  press(field(), 'Enter')
  expect(article('as it was')).toBeTruthy()
  expect(edit).not.toHaveBeenCalled()
})

test('an edit that was refused keeps its words, says why, and is given up or tried again', async () => {
  const { client, composer } = await openRoom()
  await say(client, 'before')
  client.fake.sends = 'room_archived'
  press(composer, 'ArrowUp')
  fireEvent.change(field(), { target: { value: 'after' } })
  press(field(), 'Enter')
  await screen.findByText(/^Not changed\./)
  expect(article('after')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Keep the old text' }))
  expect(article('before')).toBeTruthy()
})

test('earlier texts are shown with the newest first', async () => {
  const { client, composer } = await openRoom()
  await say(client, 'first text')
  press(composer, 'ArrowUp')
  fireEvent.change(field(), { target: { value: 'second text' } })
  press(field(), 'Enter')
  fireEvent.click(await screen.findByRole('button', { name: '(edited)' }))
  const dialog = await screen.findByRole('dialog', { name: 'What it said before' })
  await within(dialog).findByText('first text')
  const texts = within(dialog)
    .getAllByRole('listitem')
    .map((item) => item.querySelector('[data-text]')?.textContent)
  expect(texts).toEqual(['second text', 'first text'])
})

test('a deleted message is gone at once, back if that is undone, and deleted when nobody did', async () => {
  const { client } = await openRoom()
  press(focus(await say(client, 'think twice')), 'Delete')
  expect(screen.queryByText('think twice')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Undo' }))
  const remove = vi.spyOn(client.messages, 'remove')
  press(focus(article('think twice')), 'Delete')
  // It is kept from the beginning: the page may end at any time.
  expect(remove).toHaveBeenCalledExactlyOnceWith(2, expect.any(Number), { undoMs: expect.any(Number) })
  // Leaving the page is the end of thinking.
  act(() => void window.dispatchEvent(new Event('pagehide')))
  expect(remove).toHaveBeenLastCalledWith(2, expect.any(Number), { isLeaving: true })
  expect(screen.queryByText('think twice')).toBeNull()
})

test('a deletion that an earlier page began stands in its place, and can be undone there', async () => {
  const { client } = await openRoom()
  const id = Number((await say(client, 'think twice')).dataset.messageId)
  act(() => client.messages.remove(2, id, { undoMs: 1_000 }))
  expect(screen.queryByText('think twice')).toBeNull()
  const place = article('Message deleted')
  fireEvent.click(within(place).getByRole('button', { name: 'Undo' }))
  expect(article('think twice')).toBeTruthy()
  expect(screen.queryByText('Message deleted')).toBeNull()
})

test('under the pointer, the offer to undo stays and so does the message', async () => {
  const { client } = await openRoom()
  press(focus(await say(client, 'think twice')), 'Delete')
  const remove = vi.spyOn(client.messages, 'remove')
  const offer = screen.getAllByText('Message deleted.').at(-1)?.parentElement as HTMLElement
  fireEvent.mouseEnter(offer)
  const held = remove.mock.lastCall?.[2]?.undoMs ?? 0
  fireEvent.mouseLeave(offer)
  expect(held).toBeGreaterThan(remove.mock.lastCall?.[2]?.undoMs ?? Infinity)
  expect(remove).toHaveBeenCalledTimes(2)
})

test('an answer is announced above the composer, sent with its message, and given up by Escape', async () => {
  const { client, composer } = await openRoom()
  const send = vi.spyOn(client.messages, 'send')
  const asked = article('Who has the projector?')
  press(focus(asked), 'r')
  expect(document.activeElement).toBe(composer)
  await screen.findByText('Replying to Yusuf Demir')
  press(composer, 'Escape')
  expect(screen.queryByText('Replying to Yusuf Demir')).toBeNull()
  press(focus(asked), 'r')
  fireEvent.change(composer, { target: { value: 'I have it' } })
  press(composer, 'Enter')
  expect(send).toHaveBeenCalledWith(2, 'I have it', { replyTo: Number(asked.dataset.messageId) })
  expect(screen.queryByText('Replying to Yusuf Demir')).toBeNull()
  fireEvent.change(composer, { target: { value: 'and the cable' } })
  press(composer, 'Enter')
  expect(send).toHaveBeenLastCalledWith(2, 'and the cable', {})
})

test('an answer waits in its room, like what was begun to write', async () => {
  await openRoom()
  press(focus(article('Who has the projector?')), 'r')
  await screen.findByText('Replying to Yusuf Demir')
  fireEvent.click(screen.getByRole('link', { name: /design/ }))
  await screen.findByRole('heading', { level: 1, name: 'design' })
  expect(screen.queryByText('Replying to Yusuf Demir')).toBeNull()
  fireEvent.click(screen.getByRole('link', { name: /general/ }))
  expect(await screen.findByText('Replying to Yusuf Demir')).toBeTruthy()
})

test('a reaction is shown at once, counted, pressed and taken back; a refused one says so', async () => {
  const { client } = await openRoom()
  const message = focus(article('Who has the projector?'))
  press(message, '+')
  fireEvent.click(await screen.findByRole('button', { name: 'React with 🎉' }))
  const chip = await within(article('Who has the projector?')).findByRole('button', { name: /^🎉 1 reaction/ })
  expect(chip.getAttribute('aria-pressed')).toBe('true')
  await act(() => Promise.resolve())
  client.fake.sends = 'too_many_reactions'
  fireEvent.click(chip)
  await screen.findByText(/^Your reaction was not taken\./)
  expect(within(article('Who has the projector?')).getByRole('button', { name: /^🎉 1 reaction/ })).toBeTruthy()
})

test('who reacted is named to whoever looks', async () => {
  const { client } = await openRoom()
  const [message] = client.fake.messages(2).filter(({ content }) => content === 'Who has the projector?')
  if (!message) throw new Error('Nobody asked')
  act(() => client.reactions.set(2, message.id, '👀', true))
  const chip = await screen.findByRole('button', { name: /^👀 1 reaction/ })
  fireEvent.focus(chip)
  expect(await screen.findByRole('button', { name: '👀 1 reaction, you' })).toBe(chip)
})

test('what is pinned stands in the panel, leads to its place and is unpinned there', async () => {
  await openRoom()
  press(focus(article('Who has the projector?')), 'p')
  await within(article('Who has the projector?')).findByText('Pinned')
  fireEvent.click(screen.getByRole('button', { name: 'Pinned messages' }))
  const panel = await screen.findByRole('complementary', { name: 'Pinned messages' })
  await within(panel).findByText('Who has the projector?')
  fireEvent.click(within(panel).getByRole('button', { name: /^Show what Yusuf Demir said/ }))
  await waitFor(() => expect(list().querySelector('.flashes')?.textContent).toContain('Who has the projector?'))
  fireEvent.click(within(panel).getByRole('button', { name: 'Unpin' }))
  await within(panel).findByText('Nothing is pinned')
})

test('a message is passed on to a room that is found by its name', async () => {
  const { client } = await openRoom()
  press(focus(article('Who has the projector?')), 'f')
  const dialog = await screen.findByRole('dialog', { name: 'Forward to' })
  const search = within(dialog).getByRole('searchbox')
  fireEvent.change(search, { target: { value: 'book' } })
  press(search, 'Enter')
  expect(await screen.findByText('Forwarded to book club.')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Open' }))
  await screen.findByRole('heading', { level: 1, name: 'book club' })
  expect(await screen.findByText('Forwarded from Yusuf Demir')).toBeTruthy()
  expect(client.fake.messages(4).at(-1)?.forwarded?.room_id).toBe(2)
})

test('a link leads to a message of long ago; from there one goes on to the newest', async () => {
  const client = await renderApp('/')
  await screen.findByRole('list', { name: 'Your rooms' })
  const openAt = vi.spyOn(client.messages, 'openAt')
  const old = client.fake.messages(6)[40]?.id
  act(() => history.pushState(null, '', `/rooms/6/messages/${old}`))
  act(() => void window.dispatchEvent(new PopStateEvent('popstate')))
  fireEvent.click(await screen.findByRole('button', { name: 'Jump to newest' }))
  expect(openAt).toHaveBeenCalledExactlyOnceWith(6, old)
  await waitFor(() => expect(client.messages.timeline(6).get().hasNewer).toBe(false))
  await waitFor(() => expect(screen.queryByText('Jump to newest')).toBeNull())
  expect(location.pathname).toBe('/rooms/6')
})

test('a link to a message that is gone says so and shows the newest', async () => {
  await renderApp('/rooms/2/messages/987654')
  await findComposer()
  await screen.findByText('This message was deleted, or it was never here.')
  expect(await screen.findByText('Who has the projector?')).toBeTruthy()
  expect(location.pathname).toBe('/rooms/2')
})

test('what is marked as unread stays so while one looks at it, until one reads on', async () => {
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
  const { client } = await openRoom()
  const unread = () => client.rooms.get(2).get()?.unread
  await waitFor(() => expect(unread()).toBe(0))
  const asked = article('Who has the projector?')
  const { seq } = client.fake.messages(2).find(({ content }) => content === 'Who has the projector?') ?? {}
  press(focus(asked), 'u')
  expect(client.rooms.get(2).get()?.read_seq).toBe((seq ?? 0) - 1)
  const left = unread()
  expect(left).toBeGreaterThan(0)
  act(() => void window.dispatchEvent(new Event('focus')))
  await act(() => Promise.resolve())
  expect(unread()).toBe(left)
  act(() => client.readMarkers.mark(2, client.rooms.get(2).get()?.last_seq ?? 0))
  expect(unread()).toBe(0)
})

test('every room is marked as read by a key, and that can be taken back', async () => {
  const { client } = await openRoom()
  const counts = () => client.rooms.list.get().rooms.map(({ id, unread }) => [id, unread])
  const before = counts()
  expect(before.some(([, unread]) => unread !== 0)).toBe(true)
  fireEvent.keyDown(document.body, { key: 'Escape', shiftKey: true })
  expect(counts().every(([, unread]) => unread === 0)).toBe(true)
  fireEvent.click(await screen.findByRole('button', { name: 'Undo' }))
  expect(counts()).toEqual(before)
})
