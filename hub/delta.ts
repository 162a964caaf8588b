import { fossilDelta } from './fossil.ts'
import type { Codec, Content, Publication } from './protocol.ts'

/**
 * The difference between two payloads as the clients of a protocol receive them, or undefined when it would not be
 * shorter than the later one. [DEL2]
 */
export function patchFor(base: Content, content: Content, codec: Codec): Buffer | undefined {
  const [before, after] = [codec.payload(base), codec.payload(content)]
  if (!before || !after) return undefined
  const patch = fossilDelta(before, after, { isText: content.json !== undefined })
  return patch.length < after.length ? patch : undefined
}

/** What a subscriber with delta recovers: the first whole, the others as differences. [DEL3] */
export function asDeltas(publications: Publication[], codec: Codec): Publication[] {
  return publications.map((publication, index) => {
    const base = publications[index - 1]
    return { ...publication, delta: base ? { patch: patchFor(base.content, publication.content, codec) } : {} }
  })
}
