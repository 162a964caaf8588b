const plain = '/favicon.svg'

/** The icon of `public/favicon.svg` with a dot on it. */
const marked = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3f5bd9"/>' +
    '<path d="M9 9h14a2.5 2.5 0 0 1 2.5 2.5v7A2.5 2.5 0 0 1 23 21h-6.5L11 25v-4H9a2.5 2.5 0 0 1-2.5-2.5v-7A2.5 2.5 0 0 1 9 9Z" fill="#fff"/>' +
    '<circle cx="24" cy="8" r="7.5" fill="#d92d20" stroke="#fff" stroke-width="2"/></svg>',
)}`

/** Puts a dot on the icon of the tab, or takes it off. */
export function markFavicon(isMarked: boolean): void {
  document.querySelector('link[rel=icon]')?.setAttribute('href', isMarked ? marked : plain)
}
