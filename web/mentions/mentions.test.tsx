import { act, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { RoomView } from '@grandchat/client'
import { makeMessage } from '../testing/fake-room.ts'
import { people, person } from '../testing/people.ts'
import { renderApp } from '../testing/render-app.tsx'

async function showRoom(change: Partial<RoomView>) {
  const client = await renderApp('/rooms/3')
  await screen.findByRole('list', { name: 'Your rooms' })
  act(() => client.fake.changeRoom(1, change))
  const link = screen.getByRole('link', { name: /^design/ })
  return { badge: link.querySelector('[data-calls]') }
}

test('a badge counts mentions, and what else is unread is said alone', async () => {
  const { badge } = await showRoom({ unread: 3, unread_mentions: [7, 8] })
  expect(badge?.querySelector('[aria-hidden]')?.textContent).toBe('2')
  expect(screen.getByRole('link', { name: 'design 3 unread messages, 2 mentions' })).toBeTruthy()
  // Two more are in another room.
  expect(document.title).toMatch(/^\(4\) /)
})

test('what mentions nobody is counted quietly', async () => {
  const { badge } = await showRoom({ unread: 3, unread_mentions: [] })
  expect(badge?.querySelector('[aria-hidden]')?.textContent).toBe('3')
  expect(badge?.querySelector('.bg-accent')).toBeNull()
  expect(screen.getByRole('link', { name: 'design 3 unread messages' })).toBeTruthy()
})

test('a muted room shows its mentions, quietly', async () => {
  const { badge } = await showRoom({ unread: 3, unread_mentions: [8], muted: true })
  expect(badge?.querySelector('[aria-hidden]')?.textContent).toBe('1')
  expect(badge?.querySelector('.bg-accent')).toBeNull()
  expect(screen.getByRole('link', { name: 'design 1 mention' })).toBeTruthy()
  expect(document.title).toMatch(/^\(2\) /)
})

test('a message that mentions its reader stands out, and all are called by who may alone', async () => {
  const client = await renderApp('/rooms/3')
  const said = (content: string, change: object) => ({
    ...makeMessage(3, person('jonas'), content, 1, new Date().toISOString()),
    ...change,
  })
  await screen.findByRole('list', { name: 'Your rooms' })
  act(() =>
    client.fake.setTimeline(3, {
      messages: [
        said('to you', { mentions: { users: [people[0]!.id], all: false } }),
        said('to others', { mentions: { users: [person('jonas').id], all: false } }),
        said('to @all', { mentions: { users: [], all: true } }),
        said('only @here', { mentions: null }),
      ],
    }),
  )
  await screen.findByText('only', { exact: false })
  const rows = [...document.querySelectorAll<HTMLElement>('article.message')]
  expect(rows.map(({ className }) => className.includes('mentions-me'))).toEqual([true, false, true, false])
  expect(rows.map(({ dataset }) => dataset['mentionsAll'])).toEqual([undefined, undefined, 'true', undefined])
})
