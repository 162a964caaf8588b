import { limits } from '../limits.ts'

/**
 * `@name`, `@here`, `@all` and `#room`. A name that ends in punctuation or has other characters in it, as names of rooms
 * may, stands in brackets: `@[bob.]`, `#[Weekend plans]`.
 */
export type MentionWord = { sign: '@' | '#'; name: string; end: number }

/** Part of a word, an address or a path: what follows is no mention. A backslash takes the meaning from it. */
const noMentionAfter = /[\p{L}\p{M}\p{N}@#/\\.+%&=-]/u
const plainName = /[\p{L}\p{M}\p{N}._-]+/uy
const bracketed = /\[([^[\]\n]+)\]/y
const trailing = /[._-]+$/
const longestName = Math.max(limits.usernameMax, limits.roomName) * 2

/** The mention that begins at `at`, if one does. */
export function mentionAt(text: string, at: number): MentionWord | undefined {
  const sign = text[at]
  if (sign !== '@' && sign !== '#') return undefined
  if (at > 0 && noMentionAfter.test(charBefore(text, at))) return undefined
  bracketed.lastIndex = at + 1
  const inBrackets = text[at + 1] === '[' ? bracketed.exec(text) : null
  if (inBrackets?.[1] !== undefined) return wordOf(sign, inBrackets[1], bracketed.lastIndex)
  plainName.lastIndex = at + 1
  const name = plainName.exec(text)?.[0].replace(trailing, '')
  return name === undefined || name === '' ? undefined : wordOf(sign, name, at + 1 + name.length)
}

/** As it is written so that `mentionAt` reads it back; undefined for names that cannot be. */
export function writeMention(sign: '@' | '#', name: string): string | undefined {
  const forms = [`${sign}${name}`, `${sign}[${name}]`]
  return forms.find((form) => {
    const read = mentionAt(form, 0)
    return read?.name === name && read.end === form.length
  })
}

function wordOf(sign: '@' | '#', name: string, end: number): MentionWord | undefined {
  return name.length > longestName ? undefined : { sign, name, end }
}

/** The whole character before a place, of which UTF-16 may have two halves. */
function charBefore(text: string, at: number): string {
  const before = text.charCodeAt(at - 1)
  return text.slice(before >= 0xdc00 && before <= 0xdfff ? at - 2 : at - 1, at)
}
