import type { ErrorCode } from '@grandchat/contracts/errors'
import type { enAccount } from './en-account.ts'
import { en, enErrors, enProblems } from './en.ts'
import { formatMessage, numberFormat, type NamesIn, type Values } from './message.ts'

type Words = typeof en & typeof enAccount
export type Key = keyof Words
type Wanted<K extends Key> = NamesIn<Words[K]>
type Arguments<K extends Key> = [Wanted<K>] extends [never] ? [] : [values: Record<Wanted<K>, string | number>]

const known: Record<string, string> = { ...en }

/** Parts of the app that are not there at first bring their words along: before them nothing says any of those. */
export function addWords(words: Record<string, string>): void {
  Object.assign(known, words)
}

/** The words of `key`, filled in. */
export function say<K extends Key>(key: K, ...values: Arguments<K>): string {
  const filled: Values = values[0] ?? {}
  return formatMessage('en', known[key] ?? key, filled)
}

const compactNumber = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

export function sayNumber(count: number): string {
  return numberFormat('en').format(count)
}

/** A count where room is scarce: "1.2K". */
export function sayCount(count: number): string {
  return compactNumber.format(count)
}

const listFormat = new Intl.ListFormat('en-GB')

/** "Ann, Bob and 3 others": at most `shown` names, and never "and 1 other" where the name itself has room. */
export function sayNames(names: readonly string[], shown: number): string {
  if (names.length <= shown + 1) return listFormat.format(names)
  return listFormat.format([...names.slice(0, shown), say('names.others', { count: names.length - shown })])
}

/** Why a request was refused: one sentence for the whole, and one per field for forms. */
export type Problem = { text: string; fields: Record<string, string> }

export function sayFailure(code: string): string {
  return enErrors[code as ErrorCode] ?? enErrors.unknown
}

/** Reads any rejection of the client; what has no `code` of ours is an unknown failure. */
export function problemOf(error: unknown): Problem {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') {
    return { text: enErrors.unknown, fields: {} }
  }
  const fields = 'fields' in error && typeof error.fields === 'object' ? (error.fields ?? {}) : {}
  const said = Object.entries(fields).map(([name, problem]) => [name, sayProblem(String(problem))])
  return { text: sayFailure(error.code), fields: Object.fromEntries(said) }
}

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
}

/** A field's problem as a sentence: the contracts word it as the rest of one ("use at least 8 characters"). */
export function sayProblem(problem: string): string {
  const known = enProblems[problem]
  if (known) return known
  const sentence = problem.charAt(0).toUpperCase() + problem.slice(1)
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
