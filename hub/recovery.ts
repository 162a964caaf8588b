import type { History, HistoryFilter } from './broker.ts'
import type { Publication, StreamPosition } from './protocol.ts'

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
 * where that one is gone. [REC9]
 */
export function recoverLatest(history: ChannelHistory, since: StreamPosition): Recovery {
  const { publications, position } = history({ limit: 1, reverse: true })
  const isUpToDate = since.offset > 0 && since.offset === position.offset && since.epoch === position.epoch
  const recovered = isUpToDate || publications.length > 0
  return { recovered, publications: isUpToDate ? [] : publications, position }
}

function isComplete(publications: Publication[], since: number, top: number): boolean {
  if (publications.length === 0) return top === since
  return publications[0]?.offset === since + 1 && publications.at(-1)?.offset === top
}
