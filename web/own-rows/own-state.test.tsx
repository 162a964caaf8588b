import { act, fireEvent, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { findComposer, renderApp } from '../testing/render-app.tsx'

const sendAt = new Date('2099-01-01T09:00:00Z')

test('a draft from another device is in the composer, until somebody writes there', async () => {
  const client = await renderApp('/rooms/2')
  const field = await findComposer()
  await act(async () => client.drafts.set(2, 'from the phone'))
  await act(() => new Promise((resolve) => setTimeout(resolve, 1_100)))
  expect(field).toHaveProperty('value', 'from the phone')
  act(() => field.focus())
  fireEvent.change(field, { target: { value: 'from here' } })
  expect(client.drafts.get(2).get()).toBe('from here')
  fireEvent.change(field, { target: { value: '' } })
  expect(client.drafts.list.get()).toEqual([])
})

/** The client tells of changes at the end of the tick. */
const press = (name: string) => act(async () => void fireEvent.click(screen.getByRole('button', { name })))

test('what is scheduled is listed, can be sent at once, and deleting it can be undone', async () => {
  const client = await renderApp('/scheduled')
  await act(async () => void client.scheduled.add({ room_id: 2, content: 'good morning', send_at: sendAt }))
  expect(await screen.findByText('good morning')).toBeTruthy()
  await press('Delete scheduled message')
  expect(client.scheduled.list.get()).toEqual([])
  await press('Undo')
  expect(client.scheduled.list.get()[0]?.content).toBe('good morning')
  await press('Send now')
  expect(Date.parse(client.scheduled.list.get()[0]?.send_at ?? '')).toBeLessThan(sendAt.getTime())
})

test('favourites stand first, and a muted room has no count', async () => {
  const client = await renderApp('/')
  await screen.findByRole('link', { name: 'design 3 unread messages' })
  const roomId = client.rooms.list.get().rooms.find(({ name }) => name === 'design')?.id ?? 0
  await act(async () => client.sections.place(roomId, 'favourites'))
  const design = () => within(screen.getByRole('list', { name: 'Favourites' })).getByRole('link').textContent
  expect(design()).toContain('3 unread')
  await act(async () => client.rooms.setMuted(roomId, true))
  expect(design()).not.toContain('unread')
})

test('a page without anything says what it is for', async () => {
  await renderApp('/saved')
  expect(await screen.findByRole('heading', { name: 'Nothing saved yet' })).toBeTruthy()
})
