import { act, fireEvent, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'

async function openMenu() {
  fireEvent.click(await screen.findByRole('button', { name: 'Your account: Maya Okafor' }))
}

test('a status is set with two presses, shown, and cleared', async () => {
  const { fake } = await renderApp('/')
  await openMenu()
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Set a status' }))
  const dialog = await screen.findByRole('dialog', { name: 'Your status' })
  fireEvent.click(within(dialog).getByRole('button', { name: 'In a meeting' }))
  fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('Status: In a meeting')).toBeTruthy()
  const [change] = fake.changes
  expect(change?.status).toMatchObject({ emoji: '🗓️', text: 'In a meeting' })
  const left = Date.parse(change?.status?.until ?? '') - Date.now()
  expect(left / 60_000).toBeGreaterThan(58)
  expect(left / 60_000).toBeLessThanOrEqual(60)
  await openMenu()
  fireEvent.click(await screen.findByRole('menuitem', { name: 'Change status' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Clear status' }))
  expect(await screen.findByText('Maya Okafor', { selector: 'button bdi' })).toBeTruthy()
  expect(fake.changes.at(-1)).toEqual({ status: null })
})

test('a name opens the card of its person, which leads to a conversation with them', async () => {
  await renderApp('/rooms/1/members')
  const row = (await screen.findByText('Jonas Lindqvist', { selector: 'aside *' })).closest('button')!
  fireEvent.click(row)
  const card = await screen.findByRole('dialog', { name: 'Jonas Lindqvist' })
  expect(within(card).getByText('Engineer')).toBeTruthy()
  expect(within(card).getByText(/In a meeting/)).toBeTruthy()
  expect(within(card).getByText(/same time as yours|h ahead|h behind/)).toBeTruthy()
  expect(within(card).getByRole('button', { name: 'Message' })).toBeTruthy()
})

test('a status that is set elsewhere appears beside the name, and what it says is read out', async () => {
  const { fake } = await renderApp('/rooms/1/members')
  const row = (await screen.findByText('Priya Raman', { selector: 'aside *' })).closest('button')!
  expect(row.textContent).not.toContain('🌱')
  act(() => fake.setProfile('priya', { status: { emoji: '🌱', text: 'Planting', until: null } }))
  expect(row.textContent).toContain('🌱')
  expect(within(row).getByText('Status: Planting')).toBeTruthy()
})
