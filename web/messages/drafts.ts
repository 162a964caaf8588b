/** What was begun and not sent, by room; kept while the page is open. */
const drafts = new Map<number, string>()

export function getDraft(roomId: number): string {
  return drafts.get(roomId) ?? ''
}

export function keepDraft(roomId: number, text: string): void {
  if (text === '') drafts.delete(roomId)
  else drafts.set(roomId, text)
}

export function forgetDrafts(): void {
  drafts.clear()
}
