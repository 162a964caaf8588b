import { fossilDelta } from './fossil.ts'
import type { Content, Publication } from './protocol.ts'

/** The difference between two payloads, or undefined when it would not be shorter than the later one. [DEL2] */
export function patchFor(base: Content, content: Content): Buffer | undefined {
  const patch = fossilDelta(base.bytes, content.bytes, { isText: content.json !== undefined })
  return patch.length < content.bytes.length ? patch : undefined
}

/** What a subscriber with delta recovers: the first whole, the others as differences. [DEL3] */
export function asDeltas(publications: Publication[]): Publication[] {
  return publications.map((publication, index) => {
    const base = publications[index - 1]
    return { ...publication, delta: base ? { patch: patchFor(base.content, publication.content) } : {} }
  })
}
