import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, test } from 'vitest'
import { ClientProvider } from '../client-context.tsx'
import { createFakeClient } from '../testing/fake-client.ts'
import { usePeopleList } from './use-people-list.ts'

test('whoever scrolls far down gets the page they came to, and none between', async () => {
  const client = createFakeClient('crowd')
  const wrapper = ({ children }: { children: ReactNode }) => <ClientProvider value={client}>{children}</ClientProvider>
  const { result } = renderHook(() => usePeopleList(''), { wrapper })
  const people = () => result.current.people
  await waitFor(() => expect(people().length).toBe(10_000))
  expect(people()[150]).toBeUndefined()
  act(() => {
    for (let index = 7_320; index < 7_340; index++) result.current.want(index)
  })
  await waitFor(() => expect(people()[7_350]?.id).toBe(7_351))
  expect(people()[0]?.id).toBe(1)
  expect(people()[7_299]).toBeUndefined()
  expect(client.fake.pages).toEqual([1, 74])
})
