import { isFocusLost } from '../ui/use-kept-focus.ts'
import { focusComposer } from './focus-composer.ts'
import type { ConversationActs } from './pointing.ts'

/**
 * When what had the focus has gone from a row: whoever goes by the keyboard is back on the row, others go on writing. On
 * a phone the keyboard would come up for that.
 */
export function returnFocus(conversation: ConversationActs, key: string): void {
  const { pointing, focusRow } = conversation
  if (!isFocusLost()) return
  if (pointing.get().focused === key) focusRow(key)
  else if (matchMedia('(hover: hover) and (pointer: fine)').matches) focusComposer(conversation)
}
