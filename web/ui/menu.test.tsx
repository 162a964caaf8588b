import { act, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { lazy, Suspense, useState } from 'react'
import { expect, test } from 'vitest'
import { Menu, MenuItem } from './menu.tsx'
import { type PressedBy, pressedBy } from './pressed-by.ts'

function Choices({ wasPressed }: { wasPressed: PressedBy | undefined }) {
  return (
    <Menu trigger={<button type="button">Choices</button>} side="top" align="start" wasPressed={wasPressed}>
      <MenuItem icon={null} onClick={() => undefined}>
        Tea
      </MenuItem>
    </Menu>
  )
}

type Arrival = { default: typeof Choices }

function Page({ Late }: { Late: typeof Choices }) {
  const [wasPressed, setWasPressed] = useState<PressedBy>()
  const button = (
    <button type="button" onClick={(event) => setWasPressed(pressedBy(event))}>
      Choices
    </button>
  )
  return (
    <Suspense fallback={button}>
      <Late wasPressed={wasPressed} />
    </Suspense>
  )
}

/** A menu whose code comes when it is let. */
function stage() {
  const arrival = Promise.withResolvers<Arrival>()
  const Late = lazy(() => arrival.promise) as unknown as typeof Choices
  render(<Page Late={Late} />)
  return { arrive: () => act(async () => arrival.resolve({ default: Choices })) }
}

test('a menu whose button was pressed before its code came opens when it is here', async () => {
  const { arrive } = stage()
  fireEvent.click(screen.getByRole('button', { name: 'Choices' }), { detail: 1 })
  expect(screen.queryByRole('menuitem')).toBeNull()
  await arrive()
  expect(await screen.findByRole('menuitem', { name: 'Tea' })).toBeTruthy()
})

test('whoever pressed it by keys goes on from the first entry', async () => {
  const { arrive } = stage()
  fireEvent.click(screen.getByRole('button', { name: 'Choices' }), { detail: 0 })
  await arrive()
  const first = await screen.findByRole('menuitem', { name: 'Tea' })
  await waitFor(() => expect(document.activeElement).toBe(first))
})
