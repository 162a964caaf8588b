import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { loadEmoji } from '../emoji/emoji.ts'
import type { FakeClient } from '../testing/fake-client.ts'
import { findComposer, renderApp } from '../testing/render-app.tsx'
import { forgetEdits } from './editing.ts'

beforeAll(loadEmoji)
beforeEach(forgetEdits)

const editField = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'New text of the message' })
const list = () => screen.queryByRole('listbox', { name: 'Suggestions' })

/** What the viewer said last in the room is being changed. */
async function edit(text: string) {
  const client = await renderApp('/rooms/2')
  const composer = await findComposer()
  act(() => client.fake.say(2, 'maya', text))
  fireEvent.keyDown(composer, { key: 'ArrowUp' })
  return { client, ...(await fieldOf()) }
}

async function fieldOf() {
  const field = await editField()
  field.focus()
  const type = (value: string) => {
    fireEvent.change(field, { target: { value } })
    field.setSelectionRange(value.length, value.length)
    fireEvent.select(field)
  }
  const press = (key: string) => fireEvent.keyDown(field, { key })
  return { field, type, press }
}

const saved = (client: FakeClient) => client.messages.timeline(2).get().messages.at(-1)?.content

test('a name is chosen by Enter or Tab, which saves nothing yet; Enter saves once nothing is offered', async () => {
  const { client, field, type, press } = await edit('Ask somebody')
  type('Ask @jo')
  await waitFor(() => expect(list()).toBeTruthy())
  expect(field.getAttribute('aria-activedescendant')).toBe(within(list()!).getAllByRole('option')[0]?.id)
  press('Enter')
  expect(field.value).toBe('Ask @jonas ')
  expect(saved(client)).toBe('Ask somebody')
  type('Ask @jonas and @pri')
  await waitFor(() => expect(list()).toBeTruthy())
  press('Tab')
  expect(field.value).toBe('Ask @jonas and @priya ')
  press('Enter')
  await waitFor(() => expect(saved(client)).toBe('Ask @jonas and @priya'))
})

test('rooms, everybody and emoji are offered as where one writes; arrows choose', async () => {
  const { field, type, press } = await edit('Look')
  type('Look in #book')
  await waitFor(() => expect(list()).toBeTruthy())
  press('Enter')
  expect(field.value).toBe('Look in #[book club] ')
  type('Look, @')
  await screen.findByText(/Everybody in this room/)
  press('ArrowUp')
  press('Enter')
  expect(field.value).toBe('Look, @all ')
  type('Look :tada')
  fireEvent.click((await screen.findAllByRole('option'))[0]!)
  expect(field.value).toBe('Look 🎉 ')
})

test('Escape closes the list first, and only then gives the edit up', async () => {
  const { client, type, press } = await edit('Ask somebody')
  type('Ask @jo')
  await waitFor(() => expect(list()).toBeTruthy())
  press('Escape')
  expect(list()).toBeNull()
  expect((await editField()).value).toBe('Ask @jo')
  press('Escape')
  await waitFor(() => expect(screen.queryByRole('textbox', { name: 'New text of the message' })).toBeNull())
  expect(saved(client)).toBe('Ask somebody')
})

test('a text that ends in a name is not completed before somebody writes', async () => {
  const { field, press } = await edit('Ask @jonas')
  fireEvent.select(field)
  expect(list()).toBeNull()
  press('Enter')
  await waitFor(() => expect(screen.queryByRole('textbox', { name: 'New text of the message' })).toBeNull())
})

test('in a thread names are completed, too', async () => {
  const client = await renderApp('/rooms/2')
  await findComposer()
  const root = client.fake.messages(2).find(({ content }) => content.startsWith('Who has'))!
  act(() => client.fake.answer(2, root.id, 'maya', 'I do not'))
  const open = await screen.findByRole('button', { name: /^1 reply/ })
  fireEvent.click(open)
  const panel = await screen.findByRole('complementary', { name: 'Thread' })
  const row = (await within(panel).findByText('I do not')).closest('article')!
  row.focus()
  fireEvent.keyDown(row, { key: 'e' })
  const { field, type, press } = await fieldOf()
  type('Ask @jo')
  await waitFor(() => expect(list()).toBeTruthy())
  expect(panel.contains(list())).toBe(true)
  press('Tab')
  expect(field.value).toBe('Ask @jonas ')
})
