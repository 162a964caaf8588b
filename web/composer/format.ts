import type { KeyboardEvent } from 'react'
import type { Key } from '../locales/words.ts'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { makeLink, toggleLines, toggleMark, wrapInFence } from './edit.ts'
import type { Edit, Selection } from './edit.ts'

export type Format = {
  /** Its keys are those of the shortcut of this name. */
  name: 'bold' | 'italic' | 'strike' | 'code' | 'fence' | 'link' | 'quote' | 'bullets' | 'numbers'
  label: Extract<Key, `format.${string}`>
  make: (selection: Selection) => Edit
}

export const formats: readonly Format[] = [
  {
    name: 'bold',
    label: 'format.bold',
    make: (at) => toggleMark(at, '**'),
  },
  {
    name: 'italic',
    label: 'format.italic',
    make: (at) => toggleMark(at, '_'),
  },
  {
    name: 'strike',
    label: 'format.strike',
    make: (at) => toggleMark(at, '~~'),
  },
  { name: 'link', label: 'format.link', make: (at) => makeLink(at) },
  {
    name: 'numbers',
    label: 'format.numbers',
    make: (at) => toggleLines(at, 'numbers'),
  },
  {
    name: 'bullets',
    label: 'format.bullets',
    make: (at) => toggleLines(at, 'bullets'),
  },
  {
    name: 'quote',
    label: 'format.quote',
    make: (at) => toggleLines(at, 'quote'),
  },
  {
    name: 'code',
    label: 'format.code',
    make: (at) => toggleMark(at, '`'),
  },
  {
    name: 'fence',
    label: 'format.fence',
    make: (at) => wrapInFence(at),
  },
]

export function formatOf(event: KeyboardEvent): Format | undefined {
  return formats.find(({ name }) => isShortcut(event, name))
}
