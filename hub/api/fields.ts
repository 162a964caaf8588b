import type { RawJson } from '../protocol.ts'
import type { JsonPart } from './json-part.ts'

/** A member has another type than the method asks for: the request is answered with 400. */
export class MalformedRequest extends Error {}

/** Reads a part of a request, or throws a `MalformedRequest`. */
export type Reader<T> = (part: JsonPart) => T

export type Fields = Record<string, Reader<unknown>>
export type RequestOf<F extends Fields> = { [K in keyof F]?: ReturnType<F[K]> }

export const string: Reader<string> = ({ value }) => (typeof value === 'string' ? value : malformed())
export const boolean: Reader<boolean> = ({ value }) => (typeof value === 'boolean' ? value : malformed())
export const int32 = integer(-0x8000_0000, 0x7fff_ffff)
export const int64 = integer(-(2 ** 63), 2 ** 63)
export const uint32 = integer(0, 0xffff_ffff)
export const uint64 = integer(0, 2 ** 64)

/** A payload, as it was written. Here `null` is a value, elsewhere it stands for what is not there. */
export const json: Reader<RawJson> = (part) => part.raw ?? malformed()

export const strings: Reader<string[]> = ({ value }) => (Array.isArray(value) ? value.map(stringOrNull) : malformed())

export const stringMap: Reader<Record<string, string>> = (part) => {
  if (!part.isObject) return malformed()
  const members = Object.entries(part.value as object)
  return Object.fromEntries(members.map(([name, value]) => [name, stringOrNull(value)]))
}

/** Members that no field names are ignored. */
export function object<F extends Fields>(fields: F): Reader<RequestOf<F>> {
  const readers = Object.entries(fields)
  return (part) => {
    const request: Record<string, unknown> = {}
    // As everywhere in Centrifugo's API, null is the same as nothing.
    if (part.value === null) return request as RequestOf<F>
    if (!part.isObject) return malformed()
    for (const [name, read] of readers) {
      const member = part.member(name)
      if (member && (member.value !== null || read === json)) request[name] = read(member)
    }
    return request as RequestOf<F>
  }
}

function stringOrNull(value: unknown): string {
  return typeof value === 'string' ? value : value === null ? '' : malformed()
}

function integer(from: number, to: number): Reader<number> {
  return ({ value }) =>
    Number.isInteger(value) && Number(value) >= from && Number(value) <= to ? Number(value) : malformed()
}

export function malformed(): never {
  throw new MalformedRequest()
}
