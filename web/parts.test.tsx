import { Suspense } from 'react'
import { act, render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { lazyPart } from './parts.ts'

test('a part that cannot be had is asked for again, and the page stays', async () => {
  let isOnline = false
  const Part = lazyPart(() =>
    isOnline ? Promise.resolve({ default: () => <p>the part</p> }) : Promise.reject(new TypeError('failed to fetch')),
  )
  render(
    <Suspense fallback="something else">
      <Part />
    </Suspense>,
  )
  await act(async () => {})
  expect(screen.getByText('something else')).toBeTruthy()
  isOnline = true
  act(() => void dispatchEvent(new Event('online')))
  expect(await screen.findByText('the part')).toBeTruthy()
})
