import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { enCatchingUp } from '../locales/en-catching-up.ts'
import { en } from '../locales/en.ts'
import { ariaKeys, sayKeys, sayShortcut } from './say-keys.ts'
import { isShortcut, keysOf, shortcutGroups } from './shortcuts.ts'
import type { PressedKey, Shortcut, ShortcutName } from './shortcuts.ts'
import { findComposer, renderApp } from '../testing/render-app.tsx'
import { applySettings } from '../ui/setting.ts'

const groups: [string, Record<string, Shortcut>][] = Object.entries(shortcutGroups)
const all = groups.flatMap(([, shortcuts]) => Object.entries(shortcuts)) as [ShortcutName, Shortcut][]
const press = (pressed: Partial<PressedKey>): PressedKey => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...pressed,
})

beforeEach(() => localStorage.clear())
afterEach(() => {
  localStorage.clear()
  applySettings()
})

test('the sheet of all keys holds the whole table, each with its keys', async () => {
  await renderApp('/rooms/1')
  await findComposer()
  fireEvent.keyDown(document.body, { key: '?', shiftKey: true })
  const sheet = await screen.findByRole('dialog', { name: 'All keys' })
  // Nothing in it is pressed by accident, and no hint of a button stands in the way.
  await waitFor(() => expect(document.activeElement).toBe(sheet))
  const words: Record<string, string> = { ...en, ...enCatchingUp }
  for (const [name, { label, keys }] of all) {
    const row = sheet.querySelector<HTMLElement>(`[data-shortcut=${name}]`)
    expect(row?.querySelector('dt')?.textContent, name).toBe(words[label])
    const shown = [...(row?.querySelectorAll('kbd') ?? [])].map(({ textContent }) => textContent)
    expect(shown, name).toEqual(keys.flatMap((combination) => sayKeys(combination)))
  }
  expect(sheet.querySelectorAll('[data-shortcut]').length).toBe(all.length)
  fireEvent.keyDown(sheet, { key: 'Escape' })
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
})

test('a question mark that is written opens nothing', async () => {
  await renderApp('/rooms/1')
  const composer = await findComposer()
  fireEvent.keyDown(composer, { key: '?', shiftKey: true })
  expect(screen.queryByRole('dialog')).toBeNull()
})

test('no two shortcuts of one place want the same keys', () => {
  // While writing, a list of suggestions takes Enter first.
  for (const [group, shortcuts] of groups.filter(([name]) => name !== 'writing')) {
    const taken = Object.values(shortcuts).flatMap(({ keys }) => keys.map((keys) => sayKeys(keys).join('+')))
    expect(new Set(taken).size, group).toBe(taken.length)
  }
})

test('a shortcut is its keys and no key more; signs are where a keyboard has them', () => {
  expect(isShortcut(press({ key: 'k', ctrlKey: true }), 'switcher')).toBe(true)
  expect(isShortcut(press({ key: 'K', ctrlKey: true }), 'switcher')).toBe(true)
  expect(isShortcut(press({ key: 'k', ctrlKey: true, shiftKey: true }), 'switcher')).toBe(false)
  expect(isShortcut(press({ key: 'k' }), 'switcher')).toBe(false)
  expect(isShortcut(press({ key: 'k', ctrlKey: true, altKey: true }), 'switcher')).toBe(false)
  expect(isShortcut(press({ key: '/', shiftKey: true }), 'search')).toBe(true)
  expect(isShortcut(press({ key: 'r', shiftKey: true }), 'reply')).toBe(false)
  expect(isShortcut(press({ key: 'ن', code: 'KeyK', ctrlKey: true }), 'switcher')).toBe(true)
  expect(isShortcut(press({ key: 'q', code: 'KeyK', ctrlKey: true }), 'switcher')).toBe(false)
})

test('keys are called what they are called on the machine', () => {
  expect([sayShortcut('switcher', false), sayShortcut('switcher', true)]).toEqual(['Ctrl+K', '⌘K'])
  expect([sayShortcut('strike', false), sayShortcut('strike', true)]).toEqual(['Ctrl+Shift+X', '⌘⇧X'])
  expect([sayShortcut('room_above', false), sayShortcut('room_above', true)]).toEqual(['Alt+↑', '⌥↑'])
  expect([ariaKeys('search'), ariaKeys('react')]).toEqual(['/ Control+Shift+F', 'Plus'])
})

test('F6 goes round the parts of the screen', async () => {
  await renderApp('/rooms/1/members')
  const composer = await findComposer()
  await screen.findByRole('complementary', { name: 'Members' })
  composer.focus()
  const seen: string[] = []
  for (let i = 0; i < 4; i++) {
    fireEvent.keyDown(document.activeElement ?? document.body, { key: 'F6' })
    seen.push(document.activeElement?.tagName ?? '')
  }
  expect(seen).toEqual(['ASIDE', 'A', 'SECTION', 'TEXTAREA'])
  fireEvent.keyDown(composer, { key: 'F6', shiftKey: true })
  expect(document.activeElement?.tagName).toBe('SECTION')
})

test('Alt, Shift and an arrow go to what is unread alone', async () => {
  const client = await renderApp('/')
  await screen.findByRole('list', { name: 'Your rooms' })
  const { rooms } = client.rooms.list.get()
  const unread = rooms.filter((room) => room.unread > 0 && !room.muted).map(({ id }) => `/rooms/${id}`)
  expect(unread.length).toBeGreaterThan(0)
  expect(unread.length).toBeLessThan(rooms.length)
  fireEvent.keyDown(document.body, { key: 'ArrowDown', altKey: true, shiftKey: true })
  await waitFor(() => expect(unread).toContain(location.pathname))
})

test('the switcher names the key of what it offers, and the room that it would change', async () => {
  const client = await renderApp('/rooms/1')
  await findComposer()
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true })
  const field = await screen.findByRole('combobox', { name: /^Jump to/ })
  fireEvent.change(field, { target: { value: 'mute room' } })
  const title = client.rooms.get(1).get()?.title ?? ''
  const option = await screen.findByRole('option', { name: new RegExp(`^Mute room.*${title}`) })
  expect(within(option).getByText('Mute room')).toBeTruthy()
  fireEvent.keyDown(field, { key: 'Enter' })
  await waitFor(() => expect(client.rooms.get(1).get()?.muted).toBe(true))
  fireEvent.keyDown(document.body, { key: 'k', ctrlKey: true })
  fireEvent.change(await screen.findByRole('combobox', { name: /^Jump to/ }), { target: { value: 'all keys' } })
  expect(keysOf('keys')).toEqual([{ key: '?' }])
  await screen.findByText('?', { selector: 'kbd' })
  cleanup()
})
