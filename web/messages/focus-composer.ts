import type { ConversationActs } from './pointing.ts'

/** Where writing goes on after something that had the focus is done with: in the room, or in the thread beside it. */
export function focusComposer({
  threadId,
  outside,
}: Partial<Pick<ConversationActs, 'threadId' | 'outside'>> = {}): void {
  if (outside) return outside.leave()
  document.querySelector<HTMLElement>(`textarea[name="${fieldName(threadId)}"]`)?.focus()
}

/** What tells the fields of a room and of a thread apart: both may be on screen. */
export function fieldName(threadId: number | undefined): string {
  return threadId === undefined ? 'message' : 'reply'
}
