/** One part of a search as it was typed: a filter, a phrase or a word. */
export type Token = { key: string | undefined; value: string; start: number; end: number }

const parts = /-?(?:(from|in|before|after|has):)?(?:"([^"]*)"?|([^\s"]+))?/giu

export function tokenise(text: string): Token[] {
  return [...text.matchAll(parts)]
    .filter(([whole]) => whole !== '')
    .map(({ 0: whole, 1: key, 2: quoted, 3: bare, index }) => ({
      key: key?.toLowerCase(),
      value: quoted ?? bare ?? '',
      start: index,
      end: index + whole.length,
    }))
}

/** The text without one of its parts. */
export function without(text: string, { start, end }: Token): string {
  return `${text.slice(0, start)} ${text.slice(end)}`.replaceAll(/ {2,}/g, ' ').trimStart()
}

/** The filter that is being typed at this place, if one is. */
export function tokenAt(text: string, caret: number): Token | undefined {
  return tokenise(text).find(({ key, start, end }) => key !== undefined && start < caret && caret <= end)
}

/** The text with a filter in the place of the part, and where the caret goes then. */
export function withFilter(text: string, part: Pick<Token, 'start' | 'end'>, key: string, value: string) {
  const written = `${key}:${/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value} `
  const before = text.slice(0, part.start)
  return { text: before + written + text.slice(part.end).trimStart(), caret: before.length + written.length }
}
