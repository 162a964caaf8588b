import { act, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'

test('the member panel says who is online, in words too', async () => {
  const { fake } = await renderApp('/rooms/1/members')
  const row = (await screen.findByText('Jonas Lindqvist', { selector: 'aside *' })).closest<HTMLElement>(
    '[data-user-id]',
  )!
  expect(within(row).getByText('Online')).toBeTruthy()
  act(() => fake.setOnline())
  expect(within(row).getByText('Offline')).toBeTruthy()
})

test('the header of a small room says how many look at it', async () => {
  await renderApp('/rooms/1')
  expect(await screen.findByText('3 people here')).toBeTruthy()
})
