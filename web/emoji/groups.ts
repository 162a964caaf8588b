import type { Emoji, EmojiSet } from './emoji.ts'
import { recentEmoji } from './recent.ts'
import { searchEmoji } from './search.ts'

/** The groups that Unicode knows, by their number, in its order. */
const groupLabels = {
  0: 'emoji.group.0',
  1: 'emoji.group.1',
  3: 'emoji.group.3',
  4: 'emoji.group.4',
  5: 'emoji.group.5',
  6: 'emoji.group.6',
  7: 'emoji.group.7',
  8: 'emoji.group.8',
  9: 'emoji.group.9',
} as const

type GroupLabel = (typeof groupLabels)[keyof typeof groupLabels] | 'emoji.group.recent' | 'emoji.group.results'

export type Group = { key: string; label: GroupLabel; emoji: readonly Emoji[] }

/** What the picker shows: what was found, or everything, beginning with what was used last. */
export function groupsOf({ all }: EmojiSet, query: string): Group[] {
  if (query.trim() !== '')
    return [{ key: 'results', label: 'emoji.group.results' as const, emoji: searchEmoji(all, query) }]
  const groups = Object.entries(groupLabels).map(([number, label]): Group => {
    return { key: number, label, emoji: all.filter(({ group }) => group === Number(number)) }
  })
  const recent = findRecent(all)
  return recent.length > 0 ? [{ key: 'recent', label: 'emoji.group.recent', emoji: recent }, ...groups] : groups
}

function findRecent(all: readonly Emoji[]): Emoji[] {
  const byGlyph = new Map(all.flatMap((one) => [one.emoji, ...one.tones].map((glyph) => [glyph, one])))
  return recentEmoji().flatMap((glyph) => {
    const known = byGlyph.get(glyph)
    // In the tone in which it was picked.
    return known ? [{ ...known, emoji: glyph, tones: [] }] : []
  })
}

/** A line of the list: the name of a group, or as many emoji as fit beside one another. */
export type Row = { key: string; title: GroupLabel } | { key: string; emoji: readonly Emoji[]; index: number }

export function rowsOf(groups: readonly Group[], columns: number): Row[] {
  let index = 0
  return groups.flatMap(({ key, label, emoji }): Row[] => {
    const lines: Row[] = []
    for (let at = 0; at < emoji.length; at += columns) {
      lines.push({ key: `${key}-${at}`, emoji: emoji.slice(at, at + columns), index: index++ })
    }
    return lines.length === 0 ? [] : [{ key, title: label }, ...lines]
  })
}
