import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'
import { applySettings } from '../ui/setting.ts'

afterEach(() => {
  localStorage.clear()
  applySettings()
})

async function openSwitcher(scene = 'team') {
  const client = await renderApp('/rooms/1', scene)
  await screen.findByRole('button', { name: 'Search messages' })
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true })
  const field = await screen.findByRole('combobox', { name: /^Jump to/ })
  return { client, field, type: (value: string) => fireEvent.change(field, { target: { value } }) }
}
const group = (name: string) => screen.findByRole('group', { name })

test('Ctrl+K shows the rooms of before and what can be done, without the one that is open', async () => {
  const { client } = await openSwitcher()
  const rooms = within(await group('Recent rooms')).getAllByRole('option')
  expect(rooms.length).toBeGreaterThan(2)
  const current = client.rooms.get(1).get()!.title
  expect(rooms.map((option) => option.textContent)).not.toContain(current)
  expect(within(await group('Commands')).getByRole('option', { name: 'Create a room' })).toBeDefined()
})

test('the first letters and Enter lead to a room', async () => {
  const { client, field, type } = await openSwitcher()
  const target = client.rooms.list.get().rooms.find(({ id, kind }) => id !== 1 && kind !== 'direct')!
  type(target.title.slice(0, 4))
  fireEvent.keyDown(field, { key: 'Enter' })
  await waitFor(() => expect(location.pathname).toBe(`/rooms/${target.id}`))
  await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull())
})

test('after a jump one writes there, whatever had the focus long ago', async () => {
  const withMouse = vi.spyOn(window, 'matchMedia').mockImplementation(
    (query) =>
      Object.assign(new EventTarget(), {
        matches: query.includes('hover: hover'),
        media: query,
        onchange: null,
        addListener: () => undefined,
        removeListener: () => undefined,
      }) satisfies MediaQueryList,
  )
  const client = await renderApp('/rooms/1')
  fireEvent.click(await screen.findByRole('button', { name: 'New room' }))
  fireEvent.keyDown(await screen.findByLabelText('Name'), { key: 'Escape' })
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  screen.getByRole('textbox', { name: /^Message to/ }).focus()

  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true })
  const field = await screen.findByRole('combobox', { name: /^Jump to/ })
  const target = client.rooms.list.get().rooms.find(({ id, kind }) => id !== 1 && kind !== 'direct')!
  fireEvent.change(field, { target: { value: target.title } })
  fireEvent.keyDown(field, { key: 'Enter' })
  await waitFor(() => expect(screen.queryByRole('combobox')).toBeNull())
  await waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe(`Message to ${target.title}`))
  withMouse.mockRestore()
})

test('arrows go round, and what is active is named to screen readers', async () => {
  const { field } = await openSwitcher()
  const options = screen.getAllByRole('option')
  expect(field.getAttribute('aria-activedescendant')).toBe(options[0]!.id)
  fireEvent.keyDown(field, { key: 'ArrowUp' })
  expect(field.getAttribute('aria-activedescendant')).toBe(options.at(-1)!.id)
  fireEvent.keyDown(field, { key: 'ArrowDown' })
  expect(options[0]!.getAttribute('aria-selected')).toBe('true')
})

test('a command is run by its name, also without a network', async () => {
  const { field, type } = await openSwitcher('offline')
  type('dark')
  fireEvent.keyDown(field, { key: 'Enter' })
  await waitFor(() => expect(document.documentElement.dataset['theme']).toBe('dark'))
})

test('marking all as read is offered where something is unread', async () => {
  const { client, field, type } = await openSwitcher()
  const unread = client.rooms.list.get().rooms.filter((room) => room.unread > 0)
  expect(unread.length).toBeGreaterThan(0)
  type('mark all')
  fireEvent.keyDown(field, { key: 'Enter' })
  await waitFor(() =>
    expect([...client.fake.marked.keys()]).toEqual(expect.arrayContaining(unread.map(({ id }) => id))),
  )
})

test('messages are found, and a person is written to', async () => {
  const { client, type } = await openSwitcher()
  client.fake.say(2, 'jonas', 'a zygote of an idea')
  type('zygote')
  expect(within(await group('Messages')).getByRole('option').textContent).toContain('a zygote of an idea')
  const { rooms } = client.rooms.list.get()
  const isKnown = (id: number) => rooms.some((room) => room.direct_users?.some((user) => user.id === id))
  const stranger = (await client.users.search('')).find(({ id, username }) => username !== 'maya' && !isKnown(id))!
  type(stranger.username)
  fireEvent.click(within(await group('People')).getAllByRole('option')[0]!)
  await waitFor(() => expect(location.pathname).not.toBe('/rooms/1'))
  const opened = client.rooms.list.get().rooms.find(({ id }) => location.pathname === `/rooms/${id}`)
  expect(opened?.direct_users?.map(({ id }) => id)).toContain(stranger.id)
})

test('what is nowhere is said, and can be searched for in messages', async () => {
  const { type } = await openSwitcher()
  type('qqqqqq')
  expect(await screen.findByText('Nothing is called “qqqqqq”.')).toBeDefined()
  fireEvent.click(screen.getByRole('button', { name: 'Search all messages for “qqqqqq”' }))
  await waitFor(() => expect(location.search).toBe('?q=qqqqqq'))
})
