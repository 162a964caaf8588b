import { act, render, screen } from '@testing-library/react'
import { App } from '../app.tsx'
import { createFakeClient } from './fake-client.ts'
import type { FakeClient } from './fake-client.ts'

/** The whole app over a fake client, at an address, once it knows who is here. */
export async function renderApp(path: string, scene = 'team'): Promise<FakeClient> {
  history.replaceState(null, '', path)
  const client = createFakeClient(scene)
  render(<App client={client} />)
  await act(() => client.session.start())
  return client
}

/** The composer of the room that is open. */
export async function findComposer(): Promise<HTMLElement> {
  return screen.findByRole('textbox', { name: /^Message to/ })
}
