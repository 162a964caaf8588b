import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'

async function openList() {
  const client = await renderApp('/')
  const list = await screen.findByRole('navigation', { name: 'Your rooms' })
  const room = client.rooms.list.get().rooms.find(({ kind, muted }) => kind === 'public' && !muted)!
  const row = list.querySelector<HTMLElement>(`[data-room-id="${room.id}"]`)!
  return { client, room, row }
}

test('a right click on a room does what its menu does, and gives the focus back', async () => {
  const { client, room, row } = await openList()
  row.focus()
  const isOurs = !fireEvent.contextMenu(row, { clientX: 40, clientY: 300 })
  expect(isOurs).toBe(true)
  const menu = await screen.findByRole('menu')
  fireEvent.click(within(menu).getByRole('menuitem', { name: 'Mute room' }))
  await waitFor(() => expect(client.rooms.get(room.id).get()?.muted).toBe(true))
  await waitFor(() => expect(screen.queryByRole('menu')).toBeNull())
  await waitFor(() => expect(document.activeElement).toBe(row))
  expect(location.pathname).toBe('/')
})

test('with Shift, and beside the rooms, the menu of the browser comes', async () => {
  const { row } = await openList()
  expect(fireEvent.contextMenu(row, { shiftKey: true })).toBe(true)
  expect(fireEvent.contextMenu(screen.getByRole('navigation', { name: 'Your rooms' }))).toBe(true)
  expect(screen.queryByRole('menu')).toBeNull()
})
