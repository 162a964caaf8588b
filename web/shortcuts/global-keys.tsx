import { useEffect } from 'react'
import { useClient } from '../client-context.tsx'
import { useOpenDialog } from '../dialogs.tsx'
import { navigate, paths } from '../router.tsx'
import type { Route } from '../router.tsx'
import { markAllRead } from '../rooms/mark-all-read.ts'
import { goToRoom } from '../rooms/next-room.ts'
import { toggleSidebar } from '../rooms/sidebar-size.ts'
import { openSearch } from '../search/open-search.ts'
import { focusPart } from './focus-part.ts'
import { isShortcut, isWritten, keysOf, shortcutGroups } from './shortcuts.ts'
import type { NameIn } from './shortcuts.ts'

type Anywhere = NameIn<'anywhere'>

const names = Object.keys(shortcutGroups.anywhere) as Anywhere[]

/** The keys that are heard wherever one is; whatever has the focus comes first. */
export function GlobalKeys({ route }: { route: Route }) {
  const client = useClient()
  const openDialog = useOpenDialog()
  useEffect(() => {
    const step = (by: 1 | -1, onlyUnread: boolean) => goToRoom(client, route, by, onlyUnread)
    const handlers: Record<Anywhere, () => void> = {
      keys: () => openDialog({ name: 'keys' }),
      switcher: () => openDialog({ name: 'switcher' }),
      search: () => openSearch(route),
      unreads: () => navigate(paths.unreads),
      mentions: () => navigate(paths.mentions),
      room_above: () => step(-1, false),
      room_below: () => step(1, false),
      unread_above: () => step(-1, true),
      unread_below: () => step(1, true),
      new_direct: () => openDialog({ name: 'new-message' }),
      all_read: () => markAllRead(client),
      sidebar: toggleSidebar,
      settings: () => navigate(paths.settings),
      next_part: () => focusPart(1),
      last_part: () => focusPart(-1),
    }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return
      const name = names.find((each) => isShortcut(event, each))
      if (name === undefined || !isFree(event, name)) return
      event.preventDefault()
      handlers[name]()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [client, openDialog, route])
  return null
}

/** In a field, a menu or a dialog a letter means itself, and what is open takes Escape for itself. */
function isFree({ key, target }: KeyboardEvent, name: Anywhere): boolean {
  if (key === 'Escape') return document.querySelector('[role=dialog], [role=menu], dialog[open]') === null
  if (!keysOf(name).some((keys) => keys.key === key && isWritten(keys))) return true
  const own = 'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"]'
  return !(target instanceof Element && target.closest(own) !== null)
}
