import { fold } from '@grandchat/contracts/search/fold'
import { matchesTerms, type SearchQuery, textFeatures } from '@grandchat/contracts/search/query'
import type { FoundRow } from './read.ts'
import type { Scope } from './scope.ts'

/** Whether a message, as it is now, is what is looked for. That its room may be read is its reader's to see to. */
export function makeTest({ terms, has }: SearchQuery, { authorIds, from, to }: Scope): (row: FoundRow) => boolean {
  const authors = authorIds && new Set(authorIds)
  return (row) =>
    row.kind === 'user' &&
    row.deleted_at === null &&
    (!authors || authors.has(row.user_id)) &&
    (from === '-infinity' || row.created_at >= from) &&
    (to === 'infinity' || row.created_at < to) &&
    has.every((feature) => hasFeature(row, feature)) &&
    matchesTerms(fold(row.content), terms)
}

function hasFeature(row: FoundRow, feature: SearchQuery['has'][number]): boolean {
  if (feature === 'reaction') return row.has_reaction
  if (feature === 'pin') return row.has_pin
  if (feature === 'thread') return row.has_thread
  return textFeatures(row.content).includes(feature)
}
