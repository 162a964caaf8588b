const plain = '/favicon.svg'

/** The icon of `public/favicon.svg` with something on it. */
const marked = (mark: string) =>
  `data:image/svg+xml,${encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3f5bd9"/>' +
      '<path d="M9 9h14a2.5 2.5 0 0 1 2.5 2.5v7A2.5 2.5 0 0 1 23 21h-6.5L11 25v-4H9a2.5 2.5 0 0 1-2.5-2.5v-7A2.5 2.5 0 0 1 9 9Z" fill="#fff"/>' +
      `${mark}</svg>`,
  )}`

const dot = '<circle cx="24" cy="8" r="7.5" fill="#d92d20" stroke="#fff" stroke-width="2"/>'

/** Large enough to be read at sixteen pixels: of more than nine it says just that. */
const numbered = (count: number) =>
  '<rect x="10" y="0" width="22" height="20" rx="8" fill="#d92d20" stroke="#fff" stroke-width="1.5"/>' +
  '<text x="21" y="15.5" text-anchor="middle" font-family="system-ui,sans-serif" font-weight="700" font-size="16" fill="#fff">' +
  `${count > 9 ? '9+' : count}</text>`

/** Puts a number on the icon of the tab, or a dot where there is only news; or takes it off. */
export function markFavicon({ calls, hasNews }: { calls: number; hasNews: boolean }): void {
  const href = calls > 0 ? marked(numbered(calls)) : hasNews ? marked(dot) : plain
  document.querySelector('link[rel=icon]')?.setAttribute('href', href)
}
