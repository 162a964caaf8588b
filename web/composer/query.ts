import { isInCode } from './edit.ts'

/** What is being typed that could be completed, and where it stands. */
export type Query = { sign: '@' | '#' | ':'; word: string; from: number; to: number }

const farthest = 60
const begun =
  /(?:^|[^\p{L}\p{M}\p{N}@#:/\\.+%&=-])(?:(@)\[?([\p{L}\p{M}\p{N}._-]*)|(#)(\[[^[\]\n]*|[\p{L}\p{M}\p{N}._-]*)|(:)([a-z0-9_+-]{2,}))$/iu

/** The word that ends at the caret, if it began with a sign and is no code. */
export function findQuery(value: string, start: number, end: number): Query | undefined {
  if (start !== end) return undefined
  const found = begun.exec(value.slice(Math.max(0, start - farthest), start))
  const sign = found?.[1] ?? found?.[3] ?? found?.[5]
  if (!found || (sign !== '@' && sign !== '#' && sign !== ':')) return undefined
  const typed = found[2] ?? found[4] ?? found[6] ?? ''
  const from = value.lastIndexOf(sign, start - typed.length)
  if (from === -1 || isInCode(value, from)) return undefined
  return { sign, word: typed.replace('[', ''), from, to: start }
}
