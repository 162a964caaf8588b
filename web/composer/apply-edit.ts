import type { Edit, Selection } from './edit.ts'

export function selectionOf(field: HTMLTextAreaElement): Selection {
  return { value: field.value, start: field.selectionStart, end: field.selectionEnd }
}

/** Changes the text as typing would, so that the browser's own undo takes it back. */
export function applyEdit(field: HTMLTextAreaElement, { from, to, text, select }: Edit): void {
  field.focus()
  field.setSelectionRange(from, to)
  if (text !== field.value.slice(from, to) && !typeText(text)) {
    field.setRangeText(text, from, to)
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  field.setSelectionRange(...select)
}

function typeText(text: string): boolean {
  // oxlint-disable-next-line typescript/no-deprecated -- nothing else writes into the history of undo
  return document.execCommand?.(text === '' ? 'delete' : 'insertText', false, text) ?? false
}

export function insertAtCaret(field: HTMLTextAreaElement, text: string): void {
  const { start, end } = selectionOf(field)
  const caret = start + text.length
  applyEdit(field, { from: start, to: end, text, select: [caret, caret] })
}
