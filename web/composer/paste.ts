import { safeUrl } from '../messages/linkify.ts'
import { isInCode, makeLink, wrapInFence } from './edit.ts'
import type { Edit, Selection } from './edit.ts'

/** What was pasted, in the forms that matter. */
export type Pasted = { text: string; html: string; editor: string }

export function readPasted(data: DataTransfer): Pasted {
  return {
    text: data.getData('text/plain'),
    html: data.getData('text/html'),
    editor: data.getData('vscode-editor-data'),
  }
}

/**
 * What a paste becomes instead of plain text, as a second step after the plain one, so that undo gives that back; undefined
 * for most.
 */
export function improvePaste(selection: Selection, pasted: Pasted): Edit | undefined {
  const { value, start, end } = selection
  const text = pasted.text.replaceAll('\r\n', '\n')
  if (text.trim() === '' || isInCode(value, start)) return undefined
  const url = /\s/.test(text.trim()) ? undefined : safeUrl(text.trim())
  if (url)
    return start === end || /[[\]\n]/.test(value.slice(start, end)) ? undefined : makeLink(selection, text.trim())
  if (!isCode({ ...pasted, text })) return undefined
  const after = { value: value.slice(0, start) + text + value.slice(end), start, end: start + text.length }
  const edit = wrapInFence(after, languageOf(pasted.editor))
  const caret = edit.from + edit.text.length
  return { ...edit, select: [caret, caret] }
}

const monospace = /<(?:pre|code)\b|font-family:[^;"]*(?:mono|consolas|menlo|courier)/i
const codeSigns = /[{}();=<>[\]]|^\s*(?:#|\/\/|--|\*)|:\s*$/

function isCode({ text, html, editor }: Pasted): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length < 2) return false
  if (editor !== '' || monospace.test(html)) return true
  const indented = lines.filter((line) => /^(?: {2,}|\t)/.test(line) && !/^\s*(?:[-*+•]|\d+[.)])\s/.test(line)).length
  const signed = lines.filter((line) => codeSigns.test(line)).length
  return indented >= 1 && signed / lines.length >= 0.6
}

function languageOf(editor: string): string {
  try {
    const { mode } = JSON.parse(editor) as { mode?: unknown }
    return typeof mode === 'string' && /^[a-z][\w+#-]{0,30}$/i.test(mode) && mode !== 'plaintext' ? shorter(mode) : ''
  } catch {
    return ''
  }
}

/** Names of editors that highlight.js knows by others. */
function shorter(mode: string): string {
  return { typescriptreact: 'tsx', javascriptreact: 'jsx', shellscript: 'bash' }[mode] ?? mode
}
