import { useEffect } from 'react'
import { useOpenDialog } from '../dialogs.tsx'
import type { Route } from '../router.tsx'
import { openSearch } from './open-search.ts'

/** Ctrl or Cmd with K jumps; with Shift and F, or a slash alone where nothing is being written, it searches. */
export function useSearchKeys(route: Route): void {
  const openDialog = useOpenDialog()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.isComposing) return
      const isCommand = event.ctrlKey || event.metaKey
      const key = event.key.toLowerCase()
      if (isCommand && !event.shiftKey && key === 'k') {
        event.preventDefault()
        openDialog({ name: 'switcher' })
      } else if ((isCommand && event.shiftKey && key === 'f') || (!isCommand && key === '/' && !isWriting(event))) {
        event.preventDefault()
        openSearch(route)
      }
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [openDialog, route])
}

/** In a field, a menu or a dialog a letter means itself. */
function isWriting({ target }: KeyboardEvent): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable], [role="menu"], [role="dialog"]') !== null
  )
}
