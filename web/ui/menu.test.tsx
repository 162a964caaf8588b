import { act, fireEvent, render, screen } from '@testing-library/react'
import { lazy, Suspense, useState } from 'react'
import { expect, test } from 'vitest'
import { Menu, MenuItem } from './menu.tsx'

function Choices({ opensAtOnce }: { opensAtOnce: boolean }) {
  return (
    <Menu trigger={<button type="button">Choices</button>} side="top" align="start" opensAtOnce={opensAtOnce}>
      <MenuItem icon={null} onClick={() => undefined}>
        Tea
      </MenuItem>
    </Menu>
  )
}

let arrive = () => {}
const Late = lazy(
  () => new Promise<{ default: typeof Choices }>((resolve) => (arrive = () => resolve({ default: Choices }))),
)

function Page() {
  const [wasPressed, setWasPressed] = useState(false)
  const button = (
    <button type="button" onClick={() => setWasPressed(true)}>
      Choices
    </button>
  )
  return (
    <Suspense fallback={button}>
      <Late opensAtOnce={wasPressed} />
    </Suspense>
  )
}

test('a menu whose button was pressed before its code came opens when it is here', async () => {
  render(<Page />)
  fireEvent.click(screen.getByRole('button', { name: 'Choices' }))
  expect(screen.queryByRole('menuitem')).toBeNull()
  await act(async () => arrive())
  expect(await screen.findByRole('menuitem', { name: 'Tea' })).toBeTruthy()
})
