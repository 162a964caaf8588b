import { createCell, useCell, withEntry } from '../ui/cell.ts'

/** New texts of messages that one is changing, by the message's id: the list forgets rows that scroll away, this does not. */
const texts = createCell<ReadonlyMap<number, string>>(new Map())

export function startEdit(messageId: number, text: string): void {
  if (!texts.get().has(messageId)) keepEdit(messageId, text)
}

export function keepEdit(messageId: number, text: string): void {
  texts.set(withEntry(texts.get(), messageId, text))
}

export function endEdit(messageId: number): void {
  texts.set(withEntry(texts.get(), messageId, undefined))
}

/** Undefined while the message is not being changed. */
export function useEdit(messageId: number | undefined): string | undefined {
  return useCell(texts, (all) => (messageId === undefined ? undefined : all.get(messageId)))
}

export function forgetEdits(): void {
  texts.set(new Map())
}
