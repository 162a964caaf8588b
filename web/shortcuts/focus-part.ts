/** The parts of the app that the focus goes round: the rooms, what they hold, where one writes, what stands beside, what can be undone. */
const parts = [
  '#sidebar [data-roving][tabindex="0"], #sidebar a[href]',
  '#main section[tabindex="0"], #main [data-part]',
  '#main textarea[name="message"]',
  'aside[id$="-panel"]',
  '[data-toasts] button',
]

/** Moves the focus to the next part that is there, round the ends. */
export function focusPart(step: 1 | -1): void {
  if (document.querySelector('[role=dialog], [role=menu]')) return
  const found = parts.map(firstSeen).filter((element) => element !== undefined)
  const within = found.map((element) => element.closest('section, form, aside, [data-toasts]') ?? element)
  const at = within.findLastIndex((part) => part.contains(document.activeElement))
  const next = at === -1 ? (step === 1 ? 0 : found.length - 1) : (at + step + found.length) % found.length
  found[next]?.focus()
}

function firstSeen(selector: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(selector)].find((element) => element.offsetParent !== null)
}
