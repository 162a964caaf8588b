import { createCell, useCell, withEntry } from '../ui/cell.ts'

/** The message that one is about to answer, by room; kept like drafts while the page is open. */
const replies = createCell<ReadonlyMap<number, number>>(new Map())

export function startReply(roomId: number, messageId: number): void {
  replies.set(withEntry(replies.get(), roomId, messageId))
}

export function endReply(roomId: number): void {
  replies.set(withEntry(replies.get(), roomId, undefined))
}

export function useReply(roomId: number): number | undefined {
  return useCell(replies, (all) => all.get(roomId))
}

export function forgetReplies(): void {
  replies.set(new Map())
}
