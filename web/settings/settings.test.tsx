import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'

const section = (name: string) => screen.findByRole('region', { name })

test('somebody says who they are, and what they left alone is sent as it was', async () => {
  const { fake } = await renderApp('/settings')
  const profile = await section('Profile')
  const title = await within(profile).findByLabelText<HTMLInputElement>('What you do')
  expect(title.value).toBe('Product designer')
  fireEvent.change(title, { target: { value: 'Gardener' } })
  fireEvent.change(within(profile).getByLabelText('Time zone'), { target: { value: '' } })
  fireEvent.click(within(profile).getByRole('button', { name: 'Save' }))
  expect(await screen.findByText('Saved.')).toBeTruthy()
  expect(fake.changes).toEqual([
    { display_name: 'Maya Okafor', title: 'Gardener', pronouns: 'she/her', time_zone: null },
  ])
})

test('devices are listed, this one marked, and signed out one by one or all at once', async () => {
  await renderApp('/settings')
  const devices = await section('Devices')
  expect(await within(devices).findByText('This device')).toBeTruthy()
  expect(within(devices).getByText('Firefox on Linux')).toBeTruthy()
  fireEvent.click(within(devices).getByRole('button', { name: 'Sign out Safari on iPhone' }))
  expect(await screen.findByText('Safari on iPhone is signed out.')).toBeTruthy()
  fireEvent.click(await within(devices).findByRole('button', { name: 'Sign out all other devices' }))
  expect(await screen.findByText('All other devices are signed out.')).toBeTruthy()
  await waitFor(() => expect(within(devices).getAllByRole('listitem')).toHaveLength(1))
  expect(within(devices).queryByRole('button')).toBeNull()
})

test('a password is changed by whoever knows it, and said to be wrong where it is', async () => {
  await renderApp('/settings')
  const password = await section('Password')
  const current = within(password).getByLabelText<HTMLInputElement>('Current password')
  const next = within(password).getByLabelText<HTMLInputElement>('New password')
  const submit = within(password).getByRole('button', { name: 'Change password' })
  fireEvent.click(submit)
  expect(await within(password).findByText('Enter a password.')).toBeTruthy()
  expect(next.getAttribute('aria-invalid')).toBe('true')
  fireEvent.change(current, { target: { value: 'wrong password' } })
  fireEvent.change(next, { target: { value: 'a new long password' } })
  fireEvent.click(submit)
  expect(await within(password).findByText(/is wrong/)).toBeTruthy()
  fireEvent.change(current, { target: { value: 'the right password' } })
  fireEvent.click(submit)
  expect(await screen.findByText(/Your password is changed/)).toBeTruthy()
  expect([current.value, next.value]).toEqual(['', ''])
})

test('less motion is remembered and holds at once', async () => {
  await renderApp('/settings')
  const motion = await screen.findByLabelText('Motion')
  fireEvent.change(motion, { target: { value: 'reduced' } })
  expect(document.documentElement.dataset.motion).toBe('reduced')
  expect(localStorage.getItem('motion')).toBe('reduced')
  fireEvent.change(motion, { target: { value: 'system' } })
  expect(localStorage.getItem('motion')).toBeNull()
})
