import type { enAccount } from './en-account.ts'
import type { enCatchingUp } from './en-catching-up.ts'
import { en, enErrors, enProblems } from './en.ts'
import type { Language } from './languages.ts'
import { formatMessage, numberFormat, shortNumberFormat, type NamesIn, type Values } from './message.ts'

type Words = typeof en & typeof enAccount & typeof enCatchingUp
export type Key = keyof Words

/** A whole language: every text that there is in English, no more and no less. */
export type Translation = {
  words: Record<Key, string>
  errors: typeof enErrors
  problems: Record<FieldProblem, string>
}

/** What the contracts say of fields, with `#` for numbers; English takes most of them as they come. */
type FieldProblem =
  | keyof typeof enProblems
  | 'is taken'
  | 'is too long'
  | 'use # to # characters'
  | 'use at least # characters'
  | 'use at most # characters'
  | 'use letters, digits, dots, dashes and underscores'
  | 'use at least one letter or digit'
  | 'contains broken characters'

type Wanted<K extends Key> = NamesIn<Words[K]>
type Arguments<K extends Key> = [Wanted<K>] extends [never] ? [] : [values: Record<Wanted<K>, string | number>]

/** Those that need nothing filled in. */
export type PlainKey = { [K in Key]: [Wanted<K>] extends [never] ? K : never }[Key]

const known: Record<string, string> = { ...en }
type Spoken = { language: Language; texts: Record<keyof Translation, Record<string, string>> }
const english: Spoken = { language: 'en', texts: { words: {}, errors: enErrors, problems: enProblems } }
let spoken: Spoken = english

/** What the app is written in from now on; the screen must be drawn anew by whoever says so. */
export function speak(language: Language, texts?: Translation): void {
  spoken = texts === undefined ? english : { language, texts }
}

export function spokenLanguage(): Language {
  return spoken.language
}

/** Parts of the app that are not there at first bring their words along: before them nothing says any of those. */
export function addWords(words: Record<string, string>): void {
  Object.assign(known, words)
}

/** The words of `key`, filled in. */
export function say<K extends Key>(key: K, ...values: Arguments<K>): string {
  const filled: Values = values[0] ?? {}
  return formatMessage(wordLocale(), spoken.texts.words[key] ?? known[key] ?? key, filled)
}

/** Arabic too is written with the digits of the keyboard: names, links and code hold those already. */
export function wordLocale(): string {
  return spoken.language === 'ar' ? 'ar-u-nu-latn' : spoken.language
}

/** A label within a sentence: English writes it small there, German and Arabic as it is. */
export function sayInside(label: string): string {
  return spoken.language === 'en' ? label.toLocaleLowerCase('en') : label
}

export function sayNumber(count: number): string {
  return numberFormat(wordLocale()).format(count)
}

/** A count where room is scarce: "1.2K". */
export function sayCount(count: number): string {
  return shortNumberFormat(wordLocale()).format(count)
}

/** "Ann, Bob and 3 others": at most `shown` names, and never "and 1 other" where the name itself has room. */
export function sayNames(names: readonly string[], shown: number): string {
  const listFormat = new Intl.ListFormat(spoken.language === 'en' ? 'en-GB' : spoken.language)
  if (names.length <= shown + 1) return listFormat.format(names)
  return listFormat.format([...names.slice(0, shown), say('names.others', { count: names.length - shown })])
}

/** Why a request was refused: one sentence for the whole, and one per field for forms. */
export type Problem = { text: string; fields: Record<string, string> }

export function sayFailure(code: string): string {
  const { errors } = spoken.texts
  return errors[code] ?? errors['unknown'] ?? code
}

/** Reads any rejection of the client; what has no `code` of ours is an unknown failure. */
export function problemOf(error: unknown): Problem {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'string') {
    return { text: sayFailure('unknown'), fields: {} }
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
  const numbers = problem.match(/\d+/g)?.values()
  const known = spoken.texts.problems[problem.replaceAll(/\d+/g, '#')]
  if (known) return known.replaceAll('#', () => numbers?.next().value ?? '')
  const sentence = problem.charAt(0).toUpperCase() + problem.slice(1)
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`
}
