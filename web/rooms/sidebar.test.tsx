import { act, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { renderApp } from '../testing/render-app.tsx'
import { applySettings } from '../ui/setting.ts'

const root = document.documentElement
const shownWidth = () => root.style.getPropertyValue('--sidebar-chosen')

async function findHandle(): Promise<HTMLElement> {
  await renderApp('/')
  return screen.findByRole('separator', { name: 'Width of the sidebar' })
}

/** What a new page would do with what was remembered. */
function reopen(): void {
  root.removeAttribute('data-sidebar')
  root.style.removeProperty('--sidebar-chosen')
  applySettings()
}

afterEach(() => {
  localStorage.clear()
  reopen()
})

test('the arrow keys make the sidebar wider and narrower within bounds, and it stays so', async () => {
  await findHandle()
  // Drawn anew, it is another element.
  const handle = () => screen.getByRole('separator', { name: 'Width of the sidebar' })
  const press = (key: string) => fireEvent.keyDown(handle(), { key })
  expect(handle().getAttribute('aria-valuenow')).toBe('264')
  press('ArrowRight')
  expect(handle().getAttribute('aria-valuenow')).toBe('280')
  press('End')
  press('ArrowRight')
  expect(handle().getAttribute('aria-valuenow')).toBe('480')
  press('ArrowLeft')
  reopen()
  expect(shownWidth()).toBe('464px')
})

test('one step beyond its narrowest the sidebar collapses, and the next opens it again', async () => {
  const handle = await findHandle()
  fireEvent.keyDown(handle, { key: 'Home' })
  fireEvent.keyDown(handle, { key: 'ArrowLeft' })
  expect(root.dataset.sidebar).toBe('collapsed')
  expect(handle.getAttribute('aria-valuetext')).toBe('Collapsed')
  fireEvent.keyDown(handle, { key: 'ArrowRight' })
  expect(root.dataset.sidebar).toBe('open')
  expect(handle.getAttribute('aria-valuenow')).toBe('200')
})

test('dragging shows the width at once and remembers it when let go', async () => {
  const handle = await findHandle()
  handle.setPointerCapture = () => undefined
  fireEvent.pointerDown(handle, { button: 0, pointerId: 1 })
  fireEvent.pointerMove(handle, { clientX: 320, pointerId: 1 })
  expect(shownWidth()).toBe('320px')
  expect(localStorage.getItem('sidebar_width')).toBeNull()
  fireEvent.pointerUp(handle, { pointerId: 1 })
  expect(localStorage.getItem('sidebar_width')).toBe('320')
  fireEvent.doubleClick(handle)
  expect(handle.getAttribute('aria-valuenow')).toBe('264')
})

test('dragging it to the edge collapses the sidebar', async () => {
  const handle = await findHandle()
  handle.setPointerCapture = () => undefined
  fireEvent.pointerDown(handle, { button: 0, pointerId: 1 })
  fireEvent.pointerMove(handle, { clientX: 60, pointerId: 1 })
  fireEvent.pointerUp(handle, { pointerId: 1 })
  expect(localStorage.getItem('sidebar')).toBe('collapsed')
})

test('a button collapses and expands the sidebar, and every room keeps its name', async () => {
  await renderApp('/')
  fireEvent.click(await screen.findByRole('button', { name: 'Collapse the sidebar' }))
  reopen()
  expect(root.dataset.sidebar).toBe('collapsed')
  expect(screen.getByRole('link', { name: 'design 3 unread messages' })).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: 'Expand the sidebar' }))
  expect(root.dataset.sidebar).toBe('open')
})

test('density is chosen in the menu, remembered, and shared by all tabs', async () => {
  await renderApp('/')
  fireEvent.click(await screen.findByRole('button', { name: 'Your account: Maya Okafor' }))
  fireEvent.click(await screen.findByRole('menuitemradio', { name: 'Compact' }))
  expect(root.dataset.density).toBe('compact')
  expect(localStorage.getItem('density')).toBe('compact')
  localStorage.removeItem('density')
  act(() => void window.dispatchEvent(new Event('storage')))
  expect(root.dataset.density).toBe('comfortable')
})
