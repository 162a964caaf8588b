import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'

async function open(scene = 'team') {
  const client = await renderApp('/people', scene)
  const field = await screen.findByRole('searchbox', { name: /^Find people/ })
  return { client, field, type: (value: string) => fireEvent.change(field, { target: { value } }) }
}
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-user-id]')]
const rowOf = (name: string) => rows().find((row) => row.textContent?.includes(name))!

test('everybody is there, with what they say of themselves and whether they are there', async () => {
  const { client } = await open()
  await screen.findByText('10 people')
  expect(rows().length).toBe(10)
  const jonas = rowOf('Jonas Lindqvist')
  expect(jonas.textContent).toMatch(/Online.*@jonas.*Engineer.*Local time/)
  expect(rowOf('Priya').textContent).toContain('Offline')
  expect(within(rowOf('Maya')).queryByRole('button', { name: /^Write to/ })).toBeNull()
  client.fake.setProfile('priya', { title: 'Painter', pronouns: 'she/her' })
  await waitFor(() => expect(rowOf('Priya').textContent).toContain('she/her· Painter'))
})

test('people are found by name and by what they do, or one is told that there are none', async () => {
  const { type } = await open()
  await screen.findByText('10 people')
  type('engineer')
  await screen.findByText('1 person')
  expect(rows().map((row) => row.dataset['userId'])).toEqual(['2'])
  type('zzz')
  await screen.findByRole('heading', { name: 'Nobody is called “zzz”' })
  type('')
  await screen.findByText('10 people')
})

test('a row opens the card of its person, and its button a conversation with them', async () => {
  await open()
  await screen.findByText('10 people')
  fireEvent.click(within(rowOf('Jonas')).getByTitle(/Jonas/))
  const card = await screen.findByRole('dialog', { name: 'Jonas Lindqvist' })
  fireEvent.keyDown(card, { key: 'Escape' })
  fireEvent.click(within(rowOf('Jonas')).getByRole('button', { name: 'Write to Jonas Lindqvist' }))
  await waitFor(() => expect(location.pathname).toMatch(/^\/rooms\/\d+$/))
})

test('of ten thousand only those near the screen are drawn and fetched', async () => {
  const { client, type } = await open('crowd')
  await screen.findByText('10,000 people')
  expect(rows().length).toBeGreaterThan(5)
  expect(rows().length).toBeLessThan(100)
  expect(new Set(client.fake.pages)).toEqual(new Set([1]))
  type('person.09999')
  await screen.findByText('1 person')
  expect(rows().map((row) => row.dataset['userId'])).toEqual(['9999'])
})

test('arrow keys go from one to the next', async () => {
  await open()
  await screen.findByText('10 people')
  const buttons = rows().map((row) => row.querySelector<HTMLElement>('[data-roving]')!)
  expect(buttons.map(({ tabIndex }) => tabIndex).filter((index) => index === 0).length).toBe(1)
  buttons[0]?.focus()
  fireEvent.keyDown(buttons[0]!, { key: 'ArrowDown' })
  expect(document.activeElement).toBe(buttons[1])
  fireEvent.keyDown(buttons[1]!, { key: 'End' })
  expect(document.activeElement).toBe(buttons.at(-1))
})

test('a list that cannot be had says so and is asked for again', async () => {
  await open('search_error')
  expect(await screen.findByRole('heading', { name: 'The list of people could not be loaded' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(await screen.findByRole('heading', { name: 'The list of people could not be loaded' })).toBeTruthy()
})
