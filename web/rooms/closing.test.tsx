import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'
import { isClosed } from './closing.ts'

/** A direct room, on screen. */
async function openDirect() {
  const client = await renderApp('/')
  const [person] = await client.users.search('Yusuf')
  await act(async () => void (await client.rooms.openDirect([person?.id ?? 0])))
  await screen.findByRole('list', { name: 'Direct messages' })
  const room = client.rooms.list.get().rooms.find(({ kind }) => kind === 'direct')
  if (!room) throw new Error('there is no direct room')
  const row = () => document.querySelector<HTMLElement>(`nav a[href="/rooms/${room.id}"]`)
  fireEvent.click(row() as HTMLElement)
  await screen.findByRole('heading', { level: 1, name: room.title })
  return { client, room, row }
}

test('a conversation is closed in its menu, and that can be undone', async () => {
  const { client, room, row } = await openDirect()
  fireEvent.click(screen.getByRole('button', { name: 'Room menu' }))
  fireEvent.click(await screen.findByText('Close conversation'))
  expect(client.sections.closings.get().get(room.id)).toBe(room.last_seq)
  await waitFor(() => expect(row()).toBeNull())
  expect(location.pathname).toBe('/')
  fireEvent.click(screen.getByText('Undo'))
  await waitFor(() => expect(row()).not.toBeNull())
  expect(location.pathname).toBe(`/rooms/${room.id}`)
  expect(client.sections.closings.get().size).toBe(0)
})

test('opening a conversation that was closed brings it back', async () => {
  const { client, room, row } = await openDirect()
  const go = (path: string) => {
    act(() => history.pushState(null, '', path))
    act(() => void window.dispatchEvent(new PopStateEvent('popstate')))
  }
  go('/')
  act(() => client.sections.close(room.id, room.last_seq))
  await waitFor(() => expect(row()).toBeNull())
  go(`/rooms/${room.id}`)
  await waitFor(() => expect(client.sections.closings.get().size).toBe(0))
  expect(row()).not.toBeNull()
})

test('closed elsewhere, it stays in the list as long as it is on screen', async () => {
  const { client, room, row } = await openDirect()
  act(() => client.sections.close(room.id, room.last_seq))
  expect(row()).not.toBeNull()
  await screen.findByRole('heading', { level: 1, name: room.title })
  expect(client.sections.closings.get().get(room.id)).toBe(room.last_seq)
})

test('only what was said until then is put away, and only in direct rooms', async () => {
  const { client, room } = await openDirect()
  const upTo = (seq: number) => new Map([[room.id, seq]])
  expect(isClosed(room, upTo(room.last_seq))).toBe(true)
  expect(isClosed({ ...room, last_seq: room.last_seq + 1 }, upTo(room.last_seq))).toBe(false)
  expect(isClosed({ ...room, kind: 'private' }, upTo(room.last_seq))).toBe(false)
  expect(isClosed({ ...room, last_seq: 0 }, upTo(0))).toBe(true)
  expect(isClosed(room, client.sections.closings.get())).toBe(false)
})
