import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'

afterEach(() => localStorage.clear())

const openPanel = async (path = '/rooms/1?q=', scene = 'team') => {
  const client = await renderApp(path, scene)
  const field = await screen.findByRole('combobox', { name: 'Search messages' })
  return { client, field, type: (value: string) => fireEvent.change(field, { target: { value } }) }
}
const results = async () =>
  within(await screen.findByRole('listbox', { name: 'Messages found' })).findAllByRole('option')

test('a slash opens search, Escape closes it', async () => {
  await renderApp('/rooms/1')
  await screen.findByRole('button', { name: 'Search messages' })
  fireEvent.keyDown(document.body, { key: '/' })
  const field = await screen.findByRole('combobox', { name: 'Search messages' })
  expect(document.activeElement).toBe(field)
  expect(location.search).toBe('?q=')
  fireEvent.keyDown(field, { key: 'Escape' })
  await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull())
  expect(location.search).toBe('')
})

test('a slash that is written is no command', async () => {
  await renderApp('/rooms/1')
  const composer = await screen.findByRole('textbox', { name: /^Message to/ })
  fireEvent.keyDown(composer, { key: '/' })
  expect(location.search).toBe('')
})

test('results show who, where and what, and arrows and Enter open one in its room', async () => {
  const { client, field, type } = await openPanel()
  client.fake.say(2, 'jonas', 'The quixotic <b>plan</b> is here')
  type('quixotic')
  const [option] = await results()
  expect(option!.textContent).toContain('The quixotic <b>plan</b> is here')
  expect(option!.querySelector('mark')?.textContent).toBe('quixotic')
  expect(option!.querySelector('b')).toBeNull()
  fireEvent.keyDown(field, { key: 'ArrowDown' })
  expect(field.getAttribute('aria-activedescendant')).toBe(option!.id)
  expect(option!.getAttribute('aria-selected')).toBe('true')
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(location.pathname).toBe(`/rooms/2/messages/${option!.dataset['messageId']}`)
  fireEvent.change(field, { target: { value: '' } })
  expect(await screen.findByRole('option', { name: 'quixotic' })).toBeDefined()
})

test('filters are completed and shown as chips that can be taken away', async () => {
  const { field, type } = await openPanel()
  type('from:jon')
  const list = await screen.findByRole('listbox', { name: 'Suggestions' })
  await within(list).findAllByRole('option')
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(field).toHaveProperty('value', 'from:jonas ')
  fireEvent.click(await screen.findByRole('button', { name: 'Remove the filter from: jonas' }))
  expect(field).toHaveProperty('value', '')
})

test('a corrected search says what it shows', async () => {
  const { type } = await openPanel()
  type('teh')
  expect(await screen.findByText('No results for “teh”. Showing “the”.')).toBeDefined()
  expect((await results()).length).toBeGreaterThan(0)
})

test('beside a few results there is what may have been meant, and it can be searched', async () => {
  const { client, field, type } = await openPanel()
  client.fake.say(2, 'jonas', 'In teh end')
  type('teh')
  const suggestion = await screen.findByRole('option', { name: 'Did you mean “the”?' })
  const found = await results()
  expect(found[0]!.textContent).toContain('In teh end')
  expect(found.length).toBeGreaterThan(2)
  expect(found.indexOf(suggestion)).toBe(1)
  fireEvent.click(suggestion)
  expect(field).toHaveProperty('value', 'the')
  await waitFor(() => expect(screen.queryByRole('option', { name: /^Did you mean/ })).toBeNull())
})

test('a search that ran out of time says so', async () => {
  const { type } = await openPanel('/rooms/1?q=', 'search_partial')
  type('the')
  expect(await screen.findByText(/Older messages may be missing/)).toBeDefined()
})

test('without a network this device is searched, and it is said', async () => {
  const { type } = await openPanel('/rooms/1?q=', 'offline')
  type('the')
  expect(await screen.findByText("You're offline. These are from the messages kept on this device.")).toBeDefined()
  expect((await results()).length).toBeGreaterThan(0)
})

test('a server that fails leaves what this device has, and another try', async () => {
  const { type } = await openPanel('/rooms/1?q=', 'search_error')
  type('the')
  expect(await screen.findByText('These are from the messages kept on this device.')).toBeDefined()
  expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined()
})

test('nothing found, and what is no search yet, are told apart', async () => {
  const { type } = await openPanel()
  type('zzzz')
  expect(await screen.findByRole('heading', { name: 'No results for “zzzz”' })).toBeDefined()
  type('z')
  expect(await screen.findByText('Type at least two letters.')).toBeDefined()
  type('before:soon')
  expect(await screen.findByText('Write days as 2026-01-31.')).toBeDefined()
})
