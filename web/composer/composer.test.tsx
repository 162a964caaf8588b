import { act, fireEvent, render, screen, within } from '@testing-library/react'
import { beforeAll, expect, test, vi } from 'vitest'
import { ClientProvider } from '../client-context.tsx'
import { loadEmoji } from '../emoji/emoji.ts'
import { Composer } from '../messages/composer.tsx'
import { createFakeClient } from '../testing/fake-client.ts'
import { findQuery } from './query.ts'

beforeAll(loadEmoji)

async function open() {
  localStorage.clear()
  const client = createFakeClient()
  await act(() => client.session.start())
  const room = client.rooms.list.get().rooms.find(({ name }) => name === 'design')
  if (!room) throw new Error('There is no such room')
  const onSend = vi.fn<(text: string) => void>()
  const onEditLast = vi.fn<() => void>()
  render(
    <ClientProvider value={client}>
      <Composer roomId={room.id} roomName={room.name} onSend={onSend} onEditLast={onEditLast} />
    </ClientProvider>,
  )
  const field = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message to design' })
  field.focus()
  const type = (value: string, caret = value.length) => {
    fireEvent.change(field, { target: { value } })
    field.setSelectionRange(caret, caret)
    fireEvent.select(field)
  }
  const press = (key: string, more: object = {}) => fireEvent.keyDown(field, { key, ...more })
  return { client, field, type, press, onSend, onEditLast }
}

const options = () => screen.queryAllByRole('option').map((option) => option.textContent)

test('from its second line on a text may have the whole width, until the field is empty', async () => {
  const height = vi.spyOn(HTMLTextAreaElement.prototype, 'scrollHeight', 'get')
  const { field, type } = await open()
  const isTall = () => field.closest('[data-tall]') !== null
  height.mockReturnValue(0)
  type('short')
  expect(isTall()).toBe(false)
  height.mockReturnValue(48)
  type('a text of two lines')
  expect(isTall()).toBe(true)
  height.mockReturnValue(0)
  type('which fits one line, now that it has more room')
  expect(isTall()).toBe(true)
  type('')
  expect(isTall()).toBe(false)
  height.mockRestore()
})

test('a name is completed by the keyboard, and the field says what is chosen', async () => {
  const { field, type, press } = await open()
  type('hi @jo')
  const list = await screen.findByRole('listbox', { name: 'Suggestions' })
  const option = within(list).getAllByRole('option')[0]
  expect(option?.textContent).toMatch(/Jonas/)
  expect(field.getAttribute('aria-activedescendant')).toBe(option?.id)
  press('Tab')
  expect(field.value).toBe('hi @jonas ')
  expect(screen.queryByRole('listbox')).toBeNull()
})

test('@ alone offers the members, then everybody; arrows go round', async () => {
  const { field, type, press } = await open()
  type('@')
  await screen.findByText(/Everybody in this room/)
  const all = options()
  expect(all.length).toBeGreaterThan(3)
  expect(all.slice(-2).map((text) => text.slice(0, 5))).toEqual(['@here', '@allE'])
  press('ArrowUp')
  press('Enter')
  expect(field.value).toBe('@all ')
})

test('Escape sends the suggestions away until another word begins', async () => {
  const { type, press, onSend } = await open()
  type('@jo')
  await screen.findByRole('listbox')
  press('Escape')
  expect(screen.queryByRole('listbox')).toBeNull()
  type('@jon')
  expect(screen.queryByRole('listbox')).toBeNull()
  press('Enter')
  expect(onSend).toHaveBeenCalledWith('@jon')
  type('@jon and @pr')
  expect(await screen.findByRole('listbox')).toBeTruthy()
})

test('rooms are completed, those with spaces in brackets', async () => {
  const { field, type, press } = await open()
  type('see #book')
  await screen.findByRole('listbox')
  press('Enter')
  expect(field.value).toBe('see #[book club] ')
})

test('emoji are completed by shortcode and by a press', async () => {
  const { field, type } = await open()
  type('yes :tada')
  fireEvent.click((await screen.findAllByRole('option'))[0] ?? field)
  expect(field.value).toBe('yes 🎉 ')
  type('yes :t')
  type('yes :ta')
  expect(options()[0]).toBe('🎉:tada:')
})

test('keys of an input method are left to it', async () => {
  const { field, type, press, onSend } = await open()
  type('@jo')
  await screen.findByRole('listbox')
  press('Enter', { isComposing: true })
  press('Enter', { keyCode: 229 })
  expect(field.value).toBe('@jo')
  expect(onSend).not.toHaveBeenCalled()
})

test.each([
  ['a@jo', undefined],
  ['https://x.example/@jo', undefined],
  ['`@jo', undefined],
  ['```\n@jo', undefined],
  ['10:30', undefined],
  [':s', undefined],
  [':sm', { sign: ':', word: 'sm', from: 0, to: 3 }],
  ['(@jo', { sign: '@', word: 'jo', from: 1, to: 4 }],
  ['#[book cl', { sign: '#', word: 'book cl', from: 0, to: 9 }],
  ['@sam @', { sign: '@', word: '', from: 5, to: 6 }],
] as const)('of %j is completed %j', (text, query) => {
  expect(findQuery(text, text.length, text.length)).toEqual(query)
})

test('shortcuts mark what is selected', async () => {
  const { field, type, press } = await open()
  type('very bold')
  field.setSelectionRange(5, 9)
  press('b', { code: 'KeyB', ctrlKey: true })
  expect(field.value).toBe('very **bold**')
  expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('bold')
  press('b', { code: 'KeyB', ctrlKey: true })
  expect(field.value).toBe('very bold')
  press('X', { code: 'KeyX', ctrlKey: true, shiftKey: true })
  expect(field.value).toBe('very ~~bold~~')
})

test('inside a block of code Enter makes a line, and Ctrl+Enter sends', async () => {
  const { type, press, onSend } = await open()
  type('```\ncode')
  expect(press('Enter')).toBe(true)
  expect(onSend).not.toHaveBeenCalled()
  press('Enter', { ctrlKey: true })
  expect(onSend).toHaveBeenCalledWith('```\ncode')
  type('```\ncode\n```')
  press('Enter')
  expect(onSend).toHaveBeenCalledTimes(2)
})

test('Shift+Enter goes on with a list', async () => {
  const { field, type, press } = await open()
  type('1. one')
  press('Enter', { shiftKey: true })
  expect(field.value).toBe('1. one\n2. ')
})

test('the arrow up in an empty field is for editing', async () => {
  const { type, press, onEditLast } = await open()
  press('ArrowUp', { shiftKey: true })
  expect(onEditLast).not.toHaveBeenCalled()
  press('ArrowUp')
  expect(onEditLast).toHaveBeenCalledTimes(1)
  type('x')
  press('ArrowUp')
  expect(onEditLast).toHaveBeenCalledTimes(1)
})

function paste(field: HTMLElement, data: Record<string, string>) {
  return fireEvent.paste(field, { clipboardData: { getData: (type: string) => data[type] ?? '', files: [] } })
}

test('code that is pasted stands in a block, an address over words makes a link', async () => {
  const { field, type } = await open()
  paste(field, { 'text/plain': 'a\n  b', 'vscode-editor-data': '{"mode":"python"}' })
  expect(field.value).toBe('```python\na\n  b\n```')
  type('see this')
  field.setSelectionRange(4, 8)
  paste(field, { 'text/plain': 'https://a.example/b' })
  expect(field.value).toBe('see [this](https://a.example/b)')
  expect(paste(field, { 'text/plain': 'plain' })).toBe(true)
})

test('a text that is too long stays whole and is sent in parts', async () => {
  const { field, type, onSend } = await open()
  const text = Array.from({ length: 30 }, (_, i) => `${i} ${'word '.repeat(70).trim()}`).join('\n\n')
  type(text)
  expect(field.value).toBe(text)
  expect(screen.getByText(/characters too many/)).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Send as 3 messages' }))
  expect(onSend.mock.calls.map(([part]) => part).join('\n\n')).toBe(text)
  expect(field.value).toBe('')
})

test('formatting can be shown, and its buttons do what they say', async () => {
  const { field, type } = await open()
  fireEvent.click(screen.getByRole('button', { name: 'Show formatting' }))
  const bar = screen.getByRole('toolbar', { name: 'Formatting' })
  type('one\ntwo')
  field.setSelectionRange(0, 7)
  fireEvent.click(within(bar).getByRole('button', { name: 'Bulleted list' }))
  expect(field.value).toBe('- one\n- two')
  const [first, second] = within(bar).getAllByRole('button')
  first?.focus()
  fireEvent.keyDown(first ?? bar, { key: 'ArrowRight' })
  expect(document.activeElement).toBe(second)
  fireEvent.click(screen.getByRole('button', { name: 'Hide formatting' }))
  expect(screen.queryByRole('toolbar')).toBeNull()
})

test('an emoji from the picker goes where the caret is', async () => {
  const { field, type } = await open()
  type('well done', 4)
  fireEvent.click(screen.getByRole('button', { name: 'Add an emoji' }))
  fireEvent.click(await screen.findByRole('gridcell', { name: 'grinning face' }))
  expect(field.value).toBe('well😀 done')
})
