import { act, fireEvent, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { FakeClient } from '../testing/fake-client.ts'
import { findComposer, renderApp } from '../testing/render-app.tsx'

const article = (text: string) => {
  const found = screen.getByText(text).closest('article')
  if (!found) throw new Error(`No message says ${text}`)
  return found
}
const markOf = (text: string) => article(text).querySelector<HTMLElement>('[data-part=receipt]')

/** Room 3 has four members, room 2 too many to be told; the viewer says something in it. */
async function sayIn(roomId: number, text: string, scene?: string): Promise<{ client: FakeClient; seq: number }> {
  const client = await renderApp(`/rooms/${roomId}`, scene)
  await findComposer()
  act(() => void client.messages.send(roomId, text))
  await screen.findByText(text)
  await act(async () => undefined)
  return { client, seq: client.fake.messages(roomId).at(-1)?.seq ?? 0 }
}

const names = (list: HTMLElement) =>
  within(list)
    .queryAllByRole('listitem')
    .map((item) => item.textContent)

test('the last own message says how far it has got, and changes as others hear and read it', async () => {
  const { client, seq } = await sayIn(3, 'Rolled back')
  expect(markOf('Rolled back')?.ariaLabel).toBe(`Stored as #${seq}`)
  act(() => client.fake.setReceipt(3, 'jonas', { delivered: seq, seen: 0 }))
  expect(markOf('Rolled back')?.ariaLabel).toBe('Delivered to 1 of 3')
  act(() => client.fake.setReceipt(3, 'jonas', { delivered: seq, seen: seq }))
  expect(markOf('Rolled back')?.ariaLabel).toBe('Read by 1 of 3')
  act(() => {
    for (const name of ['priya', 'tom', 'sam', 'hana']) client.fake.setReceipt(3, name, { delivered: seq, seen: seq })
  })
  expect(markOf('Rolled back')?.dataset.state).toBe('read')
  act(() => void client.messages.send(3, 'And fixed'))
  await screen.findByText('And fixed')
  await act(async () => undefined)
  expect(markOf('Rolled back')).toBeNull()
  expect(markOf('And fixed')).not.toBeNull()
})

test('what others said has no mark, and one’s own earlier words have theirs while they are worked with', async () => {
  const { client } = await sayIn(3, 'First of mine')
  act(() => client.fake.say(3, 'jonas', 'Not of mine'))
  act(() => void client.messages.send(3, 'Last of mine'))
  await screen.findByText('Last of mine')
  await act(async () => undefined)
  act(() => article('Not of mine').focus())
  expect(markOf('Not of mine')).toBeNull()
  expect(markOf('First of mine')).toBeNull()
  act(() => article('First of mine').focus())
  expect(markOf('First of mine')?.tabIndex).toBe(0)
})

test('on its way a message shows a clock in the same place', async () => {
  const client = await renderApp('/rooms/3', 'offline')
  await findComposer()
  act(() => void client.messages.send(3, 'Later'))
  await screen.findByText('Later')
  expect(within(article('Later')).getByTitle('Waiting to be sent')).toBeTruthy()
  expect(markOf('Later')).toBeNull()
})

test('the mark opens who has read it, who got it and who not yet, live', async () => {
  const { client, seq } = await sayIn(3, 'Who has this')
  act(() => client.fake.setReceipt(3, 'jonas', { delivered: seq, seen: seq }))
  fireEvent.click(markOf('Who has this')!)
  const dialog = await screen.findByRole('dialog', { name: 'Seen by' })
  expect(names(within(dialog).getByRole('region', { name: 'Read' }))).toEqual(['JJonas Lindqvist'])
  expect(names(within(dialog).getByRole('region', { name: 'Not yet' }))).toHaveLength(2)
  expect(within(dialog).queryByRole('region', { name: 'Delivered' })).toBeNull()
  act(() => client.fake.setReceipt(3, 'jonas', { delivered: seq, seen: 0 }))
  expect(names(within(dialog).getByRole('region', { name: 'Delivered' }))).toEqual(['JJonas Lindqvist'])
})

test('in a room of many it is asked for when it is opened, and can be asked for again', async () => {
  const { client } = await sayIn(2, 'All of you')
  const { receipts } = client
  const seenBy = receipts.seenBy.bind(receipts)
  let isDown = true
  client.receipts.seenBy = (...asked) => (isDown ? Promise.reject(new Error('no network')) : seenBy(...asked))
  fireEvent.click(markOf('All of you')!)
  const dialog = await screen.findByRole('dialog', { name: 'Seen by' })
  const again = await within(dialog).findByRole('button', { name: 'Try again' })
  isDown = false
  fireEvent.click(again)
  expect(await within(dialog).findByText('Read by 126 of 127')).toBeTruthy()
  expect(within(dialog).getByText('and 121 more')).toBeTruthy()
})

test('that nobody else was there is said in words', async () => {
  await sayIn(7, 'Hello?')
  expect(markOf('Hello?')?.dataset.state).toBe('stored')
  fireEvent.click(markOf('Hello?')!)
  expect(await screen.findByText('Nobody else was here when you sent it.')).toBeTruthy()
})

test('that nobody has read it yet is said in words', async () => {
  const { client } = await sayIn(2, 'Anybody?')
  client.receipts.seenBy = () => Promise.resolve({ count: 0, member_count: 127, users: [], more: false })
  fireEvent.click(markOf('Anybody?')!)
  expect(await screen.findByText('Nobody has read it yet.')).toBeTruthy()
})

test('who keeps their reading to themselves is not shown that of others', async () => {
  const { client, seq } = await sayIn(3, 'Rolled back')
  act(() => client.fake.setReceipt(3, 'jonas', { delivered: seq, seen: seq }))
  expect(markOf('Rolled back')?.ariaLabel).toBe('Read by 1 of 3')
  await act(async () => client.settings.set('read_receipts', 'off'))
  expect(markOf('Rolled back')?.ariaLabel).toBe('Delivered to 1 of 3')
  fireEvent.click(markOf('Rolled back')!)
  const list = await screen.findByRole('dialog', { name: 'Seen by' })
  expect(within(list).getByText(/^You keep to yourself/)).toBeTruthy()
  expect(within(list).queryByRole('region', { name: 'Read' })).toBeNull()
})
