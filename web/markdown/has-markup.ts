const markup = /[*_~`>[@#\\:]|^[ \t]*(?:[-+]|\d{1,9}[.)])[ \t]/m

/** May a text look otherwise than it was typed? Most do not, and need no parser. */
export function hasMarkup(text: string): boolean {
  return markup.test(text)
}

const mostSigns = 1_000
const deepestLine = 24
const longestText = 24_000
const leading = /^(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){25}/m

/**
 * A bound on the work of the parser, which for some texts grows with the square of the number of signs, or with depth.
 * Nobody writes such texts to be read: they are shown as they are.
 */
export function isTooTangled(text: string): boolean {
  if (text.length > longestText) return true
  let signs = 0
  for (let at = 0; at < text.length; at++) if (isSign(text.charCodeAt(at)) && ++signs > mostSigns) return true
  return leading.test(text)
}

/** `*`, `_`, `~`, `[` and `]`. */
function isSign(code: number): boolean {
  return code === 42 || code === 95 || code === 126 || code === 91 || code === 93
}

export const deepest = deepestLine
