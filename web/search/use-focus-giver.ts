import { useState } from 'react'
import { focusComposer } from '../messages/focus-composer.ts'
import { isFocusLost } from '../ui/use-kept-focus.ts'

/**
 * Gives the focus back after something that took it has led elsewhere: to where the new place wants it, else to where it
 * was, else to the field to write in. On a phone the keyboard would come up for that.
 */
export function useFocusGiver(): () => void {
  const [before] = useState(() => document.activeElement)
  return () => {
    const give = () => {
      // The page as a whole has it when nothing in it wanted it.
      if (!isFocusLost() && document.activeElement?.id !== 'main') return
      if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus()
      else if (matchMedia('(hover: hover) and (pointer: fine)').matches) focusComposer()
    }
    // One frame for the new place to appear, one for it to take the focus.
    requestAnimationFrame(() => requestAnimationFrame(give))
  }
}
