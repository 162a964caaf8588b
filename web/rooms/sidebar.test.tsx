import { act, fireEvent, screen, waitFor } from '@testing-library/react'
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

/** What the handle says of itself; drawn anew, it is another element, which follows what is chosen a moment later. */
const handle = () => screen.getByRole('separator', { name: 'Width of the sidebar' })
const press = (key: string) => fireEvent.keyDown(handle(), { key })
const findWidth = (width: number) => waitFor(() => expect(handle().getAttribute('aria-valuenow')).toBe(String(width)))

test('the arrow keys make the sidebar wider and narrower within bounds, and it stays so', async () => {
  await findHandle()
  await findWidth(264)
  press('ArrowRight')
  await findWidth(280)
  press('End')
  press('ArrowRight')
  await findWidth(480)
  press('ArrowLeft')
  await findWidth(464)
  reopen()
  expect(shownWidth()).toBe('464px')
})

test('one step beyond its narrowest the sidebar collapses, and the next opens it again', async () => {
  await findHandle()
  press('Home')
  await findWidth(200)
  press('ArrowLeft')
  await findWidth(0)
  expect(root.dataset.sidebar).toBe('collapsed')
  expect(handle().getAttribute('aria-valuetext')).toBe('Collapsed')
  press('ArrowRight')
  await findWidth(200)
  expect(root.dataset.sidebar).toBe('open')
})

test('dragging shows the width at once and remembers it when let go', async () => {
  const edge = await findHandle()
  edge.setPointerCapture = () => undefined
  fireEvent.pointerDown(edge, { button: 0, pointerId: 1 })
  fireEvent.pointerMove(edge, { clientX: 320, pointerId: 1 })
  expect(shownWidth()).toBe('320px')
  expect(localStorage.getItem('sidebar_width')).toBeNull()
  fireEvent.pointerUp(edge, { pointerId: 1 })
  expect(localStorage.getItem('sidebar_width')).toBe('320')
  fireEvent.doubleClick(edge)
  await findWidth(264)
})

test('dragging it to the edge collapses the sidebar', async () => {
  const edge = await findHandle()
  edge.setPointerCapture = () => undefined
  fireEvent.pointerDown(edge, { button: 0, pointerId: 1 })
  fireEvent.pointerMove(edge, { clientX: 60, pointerId: 1 })
  fireEvent.pointerUp(edge, { pointerId: 1 })
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
