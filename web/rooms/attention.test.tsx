import { act, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { RoomView } from '@grandchat/client'
import { renderApp } from '../testing/render-app.tsx'
import { countAttention, hasNews } from './attention.ts'

test('mentions and direct messages ask for attention, unless they are muted', async () => {
  const client = await renderApp('/')
  const [room] = client.rooms.list.get().rooms
  if (!room) throw new Error('There is no room')
  const made = (change: Partial<RoomView>): RoomView => ({
    ...room,
    kind: 'public',
    level: 'all',
    unread: 2,
    unread_mentions: [],
    ...change,
  })
  const calls = (change: Partial<RoomView>) => countAttention([made(change)])
  expect(calls({})).toBe(0)
  expect(calls({ unread_mentions: [8] })).toBe(1)
  expect(calls({ unread_mentions: [8], level: 'mentions' })).toBe(1)
  expect(calls({ unread_mentions: [8], level: 'nothing' })).toBe(0)
  expect(calls({ unread_mentions: [8], muted: true })).toBe(0)
  expect(calls({ kind: 'direct', level: 'mentions' })).toBe(2)
  expect(calls({ kind: 'direct', muted: true })).toBe(0)
  expect(hasNews([made({})])).toBe(true)
  expect(hasNews([made({ muted: true }), made({ level: 'mentions' }), made({ level: 'nothing' })])).toBe(false)
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
