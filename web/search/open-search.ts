import { currentSearch, goBack, hasPanel, navigate, paths } from '../router.tsx'
import type { Route } from '../router.tsx'

export const searchPanelId = 'search-panel'
export const searchInputId = 'search-text'

/** On small screens search is a page of its own, which the back gesture closes. */
export function isNarrow(): boolean {
  return matchMedia('(max-width: 899.98px)').matches
}

/** Shows search beside what is there; one thing stands beside a conversation at a time. */
export function openSearch(route: Route, text = ''): void {
  const path = route.name === 'room' && hasPanel(route) ? paths.room(route.roomId) : location.pathname
  navigate(path, { search: text || (currentSearch() ?? ''), replace: !isNarrow() || currentSearch() !== undefined })
  requestAnimationFrame(focusSearch)
}

export function focusSearch(): void {
  const input = document.getElementById(searchInputId)
  if (!(input instanceof HTMLInputElement)) return
  input.focus()
  input.select()
}

export function closeSearch(): void {
  if (isNarrow()) goBack(location.pathname)
  else navigate(location.pathname, { search: undefined, replace: true })
}

/** Notes what is searched in the address, for reloading and coming back. */
export function noteSearch(text: string): void {
  navigate(location.pathname, { search: text, replace: true })
}

/** The message in its room. Beside it the results stay; on a small screen the way back leads to them. */
export function openResult(roomId: number, messageId: number): void {
  const path = paths.message(roomId, messageId)
  if (isNarrow()) navigate(path, { search: undefined })
  else navigate(path)
}
