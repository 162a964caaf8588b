import type { KeyboardEvent } from 'react'
import type { Key } from '../locales/words.ts'
import { makeLink, toggleLines, toggleMark, wrapInFence } from './edit.ts'
import type { Edit, Selection } from './edit.ts'

export type Format = {
  name: 'bold' | 'italic' | 'strike' | 'code' | 'fence' | 'link' | 'quote' | 'bullets' | 'numbers'
  label: Extract<Key, `format.${string}`>
  /** Together with Ctrl or Cmd; a physical key, as it is on any keyboard. */
  key?: { code: string; shift: boolean; shown: string }
  make: (selection: Selection) => Edit
}

export const formats: readonly Format[] = [
  {
    name: 'bold',
    label: 'format.bold',
    key: { code: 'KeyB', shift: false, shown: 'B' },
    make: (at) => toggleMark(at, '**'),
  },
  {
    name: 'italic',
    label: 'format.italic',
    key: { code: 'KeyI', shift: false, shown: 'I' },
    make: (at) => toggleMark(at, '_'),
  },
  {
    name: 'strike',
    label: 'format.strike',
    key: { code: 'KeyX', shift: true, shown: '⇧X' },
    make: (at) => toggleMark(at, '~~'),
  },
  { name: 'link', label: 'format.link', key: { code: 'KeyU', shift: true, shown: '⇧U' }, make: (at) => makeLink(at) },
  {
    name: 'numbers',
    label: 'format.numbers',
    key: { code: 'Digit7', shift: true, shown: '⇧7' },
    make: (at) => toggleLines(at, 'numbers'),
  },
  {
    name: 'bullets',
    label: 'format.bullets',
    key: { code: 'Digit8', shift: true, shown: '⇧8' },
    make: (at) => toggleLines(at, 'bullets'),
  },
  {
    name: 'quote',
    label: 'format.quote',
    key: { code: 'Digit9', shift: true, shown: '⇧9' },
    make: (at) => toggleLines(at, 'quote'),
  },
  {
    name: 'code',
    label: 'format.code',
    key: { code: 'KeyE', shift: false, shown: 'E' },
    make: (at) => toggleMark(at, '`'),
  },
  {
    name: 'fence',
    label: 'format.fence',
    key: { code: 'KeyE', shift: true, shown: '⇧E' },
    make: (at) => wrapInFence(at),
  },
]

const isApple = /mac|iphone|ipad/i.test(navigator.userAgent)

export function formatOf(event: KeyboardEvent): Format | undefined {
  if (event.altKey || !(isApple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey)) return undefined
  return formats.find(({ key }) => key?.code === event.code && key.shift === event.shiftKey)
}

/** A shortcut as it is written on this device's keys. */
export function sayKeys(shown: string): string {
  return isApple ? `⌘${shown}` : `Ctrl+${shown.replace('⇧', 'Shift+')}`
}
