import { act, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { RoomView } from '@grandchat/client'
import { renderApp } from '../testing/render-app.tsx'
import { countAttention } from './attention.ts'

test('muted rooms never ask for attention, and others only as much as one wants to hear of them', async () => {
  const client = await renderApp('/')
  const [room] = client.rooms.list.get().rooms
  if (!room) throw new Error('There is no room')
  const made = (change: Partial<RoomView>): RoomView => ({
    ...room,
    kind: 'public',
    level: 'all',
    unread: 2,
    ...change,
  })
  expect(
    countAttention([made({}), made({ muted: true }), made({ level: 'mentions' }), made({ level: 'nothing' })]),
  ).toBe(2)
  expect(countAttention([made({ kind: 'direct', level: 'mentions' }), made({ kind: 'direct', muted: true })])).toBe(2)
})

test('the icon of the tab carries a dot while something is unread', async () => {
  const icon = document.head.appendChild(Object.assign(document.createElement('link'), { rel: 'icon' }))
  const client = await renderApp('/')
  await screen.findByRole('list', { name: 'Your rooms' })
  expect(icon.getAttribute('href')).toMatch(/^data:image\/svg/)
  act(() => client.readMarkers.markAll())
  expect(icon.getAttribute('href')).toBe('/favicon.svg')
  icon.remove()
})
