import Search from 'lucide-react/icons/search'
import { say } from '../locales/words.ts'
import { useRoute, useSearchText } from '../router.tsx'
import { ariaKeys } from '../shortcuts/say-keys.ts'
import { IconButton } from '../ui/button.tsx'
import { closeSearch, openSearch, searchPanelId } from './open-search.ts'

export function SearchButton() {
  const route = useRoute()
  // What else stands beside the conversation hides it.
  const isHidden = route.name === 'room' && route.panel !== undefined
  const isOpen = useSearchText() !== undefined && !isHidden
  const toggle = () => (isOpen ? closeSearch() : openSearch(route))
  return (
    <IconButton
      label={say('search.title')}
      aria-expanded={isOpen}
      aria-controls={searchPanelId}
      aria-keyshortcuts={ariaKeys('search')}
      onClick={toggle}
    >
      <Search size={18} aria-hidden />
    </IconButton>
  )
}
