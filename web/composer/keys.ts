import type { ClipboardEvent, KeyboardEvent } from 'react'
import { applyEdit, selectionOf } from './apply-edit.ts'
import { continueLine, isInFence } from './edit.ts'
import { formatOf } from './format.ts'
import { isShortcut } from '../shortcuts/shortcuts.ts'
import { improvePaste, readPasted } from './paste.ts'

/** Whether a key did something of ours in a field where messages are written. */
export function handleKey(event: KeyboardEvent<HTMLTextAreaElement>, send: () => void): boolean {
  const field = event.currentTarget
  const format = formatOf(event)
  if (format) applyEdit(field, format.make(selectionOf(field)))
  return format !== undefined || handleEnter(event, field, send)
}

/** Whether Enter did something of ours: sent, or went on with a list. A new line is the browser's to make. */
function handleEnter(event: KeyboardEvent, field: HTMLTextAreaElement, send: () => void): boolean {
  if (isShortcut(event, 'new_line')) {
    const edit = continueLine(selectionOf(field))
    if (edit) applyEdit(field, edit)
    return edit !== undefined
  }
  const isForced = isShortcut(event, 'send_code')
  if (!isForced && !isShortcut(event, 'send')) return false
  if (!isForced && isInFence(field.value, field.selectionStart)) return false
  send()
  return true
}

/** Code becomes a block, an address over words a link; everything else is the browser's. */
export function handlePaste(event: ClipboardEvent<HTMLTextAreaElement>): void {
  const field = event.currentTarget
  const pasted = readPasted(event.clipboardData)
  const selection = selectionOf(field)
  const edit = improvePaste(selection, pasted)
  if (!edit) return
  event.preventDefault()
  const plain = pasted.text.replaceAll('\r\n', '\n')
  const { start, end } = selection
  // Plainly first: undo takes back what we made of it, and only then the paste.
  if (start === end || plain.includes('\n')) {
    applyEdit(field, { from: start, to: end, text: plain, select: [start, start + plain.length] })
  }
  applyEdit(field, edit)
}
