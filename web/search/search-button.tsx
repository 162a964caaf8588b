import Search from 'lucide-react/icons/search'
import { say } from '../locales/words.ts'
import { parseRoute, useSearchText } from '../router.tsx'
import { IconButton } from '../ui/button.tsx'
import { closeSearch, openSearch, searchPanelId } from './open-search.ts'

export function SearchButton() {
  const isOpen = useSearchText() !== undefined
  const toggle = () => (isOpen ? closeSearch() : openSearch(parseRoute(location.pathname)))
  return (
    <IconButton
      label={say('search.title')}
      aria-expanded={isOpen}
      aria-controls={searchPanelId}
      aria-keyshortcuts="/ Control+Shift+F Meta+Shift+F"
      onClick={toggle}
    >
      <Search size={18} aria-hidden />
    </IconButton>
  )
}
