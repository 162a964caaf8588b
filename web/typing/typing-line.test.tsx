import { act, fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'

const line = () => screen.getByTestId('typing')

test('one, two and several people who write are told apart, and nobody leaves an empty line', async () => {
  const { fake } = await renderApp('/rooms/1')
  const composer = await screen.findByRole('textbox', { name: 'Message to design' })
  expect(composer).toBeTruthy()
  expect(line().textContent).toBe('')
  act(() => fake.setTyping(1, 'jonas'))
  expect(line().textContent).toBe('Jonas Lindqvist is typing')
  act(() => fake.setTyping(1, 'jonas', 'priya'))
  expect(line().textContent).toMatch(/^Jonas Lindqvist and .* are typing$/)
  act(() => fake.setTyping(1, 'jonas', 'priya', 'sam'))
  expect(line().textContent).toBe('Several people are typing')
  act(() => fake.setTyping(1))
  expect(line().textContent).toBe('')
})

test('the composer says that one writes, and that one has stopped once it is sent or emptied', async () => {
  const { fake } = await renderApp('/rooms/1')
  const composer = await screen.findByRole('textbox', { name: 'Message to design' })
  fireEvent.change(composer, { target: { value: 'H' } })
  expect(fake.written.at(-1)).toEqual([1, true])
  fireEvent.change(composer, { target: { value: ' ' } })
  expect(fake.written.at(-1)).toEqual([1, false])
  fireEvent.change(composer, { target: { value: 'Hello' } })
  fireEvent.keyDown(composer, { key: 'Enter' })
  expect(fake.written.at(-1)).toEqual([1, false])
})
