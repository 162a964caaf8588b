import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { quietUntil, sound } from '../notifications/choices.ts'
import { renderApp } from '../testing/render-app.tsx'
import { density } from '../ui/density.ts'
import { motion } from '../ui/motion.ts'
import { applySettings } from '../ui/setting.ts'
import { theme } from '../ui/theme.ts'

const clear = () => {
  localStorage.clear()
  applySettings()
}
beforeEach(clear)
afterEach(clear)

const page = document.documentElement.dataset

test('what is chosen here is the account’s, and the browser’s copy for the next first paint', async () => {
  const { settings } = await renderApp('/settings')
  fireEvent.change(await screen.findByLabelText('Theme'), { target: { value: 'dark' } })
  fireEvent.change(screen.getByLabelText('Density'), { target: { value: 'compact' } })
  fireEvent.change(screen.getByLabelText('Motion'), { target: { value: 'full' } })
  expect([page['theme'], page['density'], page['motion']]).toEqual(['dark', 'compact', 'full'])
  const kept = (['theme', 'density', 'motion'] as const).map((name) => settings.get(name).get())
  expect(kept).toEqual(['dark', 'compact', 'full'])
  expect(['theme', 'density', 'motion'].map((key) => localStorage.getItem(key))).toEqual(kept)
})

test('what is chosen on another device holds here at once', async () => {
  const { settings } = await renderApp('/')
  await screen.findByRole('list', { name: 'Your rooms' })
  act(() => {
    settings.set('theme', 'dark')
    settings.set('motion', 'reduced')
    settings.set('sound', 'on')
    settings.set('quiet_until', 4_000_000_000_000)
  })
  await waitFor(() => expect(page['theme']).toBe('dark'))
  expect([motion.get(), sound.get(), quietUntil.get()]).toEqual(['reduced', 'on', 4_000_000_000_000])
  act(() => settings.set('theme', 'system'))
  await waitFor(() => expect(theme.get()).toBe('system'))
})

test('who never chose anything keeps what this browser has, and it becomes nobody else’s', async () => {
  localStorage.setItem('density', 'compact')
  const { settings } = await renderApp('/')
  await screen.findByRole('list', { name: 'Your rooms' })
  expect(density.get()).toBe('compact')
  expect(settings.get('density').get()).toBeUndefined()
})

test('a device may go its own way, and come back', async () => {
  const { settings } = await renderApp('/settings')
  act(() => settings.set('theme', 'light'))
  await waitFor(() => expect(theme.get()).toBe('light'))
  const here = await screen.findByRole('checkbox', { name: /Keep these three/ })
  fireEvent.click(here)
  fireEvent.change(screen.getByLabelText('Theme'), { target: { value: 'dark' } })
  expect([page['theme'], settings.get('theme').get()]).toEqual(['dark', 'light'])
  act(() => settings.set('density', 'compact'))
  act(() => settings.set('sound', 'on'))
  await waitFor(() => expect(sound.get()).toBe('on'))
  expect(density.get()).toBe('comfortable')
  fireEvent.click(here)
  expect([theme.get(), density.get()]).toEqual(['light', 'compact'])
})
