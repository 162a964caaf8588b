import type { Emoji } from './emoji.ts'

/** Emoji for what somebody typed, the nearest first: by shortcode, then by name, then by what else they are called. */
export function searchEmoji(all: readonly Emoji[], query: string, most = Infinity): Emoji[] {
  const wanted = query
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
  if (wanted === '') return []
  const found = all.flatMap((emoji, order) => {
    const rank = rankOf(emoji, wanted)
    return rank === undefined ? [] : [{ emoji, rank, order }]
  })
  return found
    .sort((a, b) => a.rank - b.rank || lengthOf(a) - lengthOf(b) || a.order - b.order)
    .slice(0, most)
    .map(({ emoji }) => emoji)
}

/** Of shortcodes that begin alike, the shortest. */
function lengthOf({ emoji, rank }: { emoji: Emoji; rank: number }): number {
  return rank <= 2 ? (emoji.codes[0]?.length ?? 0) : 0
}

/** The lower the nearer; undefined if it is not meant. */
function rankOf({ codes, name, words }: Emoji, wanted: string): number | undefined {
  if (codes.includes(wanted)) return 0
  if (codes[0]?.startsWith(wanted)) return 1
  if (codes.some((code) => code.startsWith(wanted))) return 2
  if (words.includes(wanted)) return 3
  if (startsWord(name.replaceAll(' ', '_'), wanted) || codes.some((code) => startsWord(code, wanted))) return 4
  return words.some((word) => word.startsWith(wanted)) ? 5 : undefined
}

function startsWord(text: string, wanted: string): boolean {
  return text.startsWith(wanted) || text.includes(`_${wanted}`)
}
