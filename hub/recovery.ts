import type { Broker } from './broker.ts'
import type { Publication, StreamPosition } from './protocol.ts'

export type Recovery = { recovered: boolean; publications: Publication[]; position: StreamPosition }

/**
 * What a client that was away since a position missed: all of it, or nothing when a part is gone. An empty epoch stands
 * for any, and a limit of 0 for none. [REC1-REC5]
 */
export function recover(broker: Broker, channel: string, since: StreamPosition, limit: number): Recovery {
  const { publications, position } = broker.history(channel, { since, ...(limit > 0 && { limit }) })
  const isSameStream = since.epoch === '' || since.epoch === position.epoch
  const recovered = isSameStream && isComplete(publications, since.offset, position.offset)
  return { recovered, publications: recovered ? publications : [], position }
}

function isComplete(publications: Publication[], since: number, top: number): boolean {
  if (publications.length === 0) return top === since
  return publications[0]?.offset === since + 1 && publications.at(-1)?.offset === top
}
