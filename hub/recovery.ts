import type { History, HistoryFilter } from './broker.ts'
import type { Publication, StreamPosition } from './protocol.ts'
import { type FilterNode, matches } from './tags-filter.ts'

/** The broker's streams as one namespace has them. */
export type ChannelHistory = (filter: HistoryFilter) => History

export type Recovery = { recovered: boolean; publications: Publication[]; position: StreamPosition }

/**
 * What a client that was away since a position missed: all of it, or nothing when a part is gone. An empty epoch stands
 * for any, and a limit of 0 for none. [REC1-REC5]
 */
export function recover(history: ChannelHistory, since: StreamPosition, limit: number): Recovery {
  const { publications, position } = history({ since, ...(limit > 0 && { limit }) })
  const isSameStream = since.epoch === '' || since.epoch === position.epoch
  const recovered = isSameStream && isComplete(publications, since.offset, position.offset)
  return { recovered, publications: recovered ? publications : [], position }
}

/**
 * What a client needs that only wants the latest state: the latest publication, unless it has it already. Not recovered
 * where that one is gone, or nothing of what is looked through passes the filter. [REC9]
 */
export function recoverLatest(
  history: ChannelHistory,
  since: StreamPosition,
  limit: number,
  filter: FilterNode | undefined,
): Recovery {
  const { publications, position } = history({ ...(limit > 0 && { limit: filter ? limit : 1 }), reverse: true })
  const latest = publications.find(({ content }) => !filter || matches(filter, content.tags))
  const isUpToDate = since.offset > 0 && since.offset === position.offset && since.epoch === position.epoch
  return {
    recovered: isUpToDate || latest !== undefined,
    publications: latest && !isUpToDate ? [latest] : [],
    position,
  }
}

function isComplete(publications: Publication[], since: number, top: number): boolean {
  if (publications.length === 0) return top === since
  return publications[0]?.offset === since + 1 && publications.at(-1)?.offset === top
}
