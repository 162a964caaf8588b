/*
 * Finds where values begin and end in JSON texts, so that they are passed on as they stand. The texts were parsed
 * before, or are about to be: a malformed one gives something, and never an endless loop.
 */

/** The members of an object, in their order. Of two with one name the last counts, as in `JSON.parse`. */
export function eachMember(object: string, take: (name: string, text: string) => void): void {
  let at = skipSpace(object, 0)
  if (object[at] !== '{') return
  at = skipSpace(object, at + 1)
  while (object[at] === '"') {
    const keyEnd = endOfString(object, at)
    const key = object.slice(at, keyEnd)
    const start = skipSpace(object, skipSpace(object, keyEnd) + 1)
    const end = endOfValue(object, start)
    take(key.includes('\\') ? (JSON.parse(key) as string) : key.slice(1, -1), object.slice(start, end))
    at = skipSpace(object, skipSpace(object, end) + 1)
  }
}

export function* elementTexts(array: string): Generator<string, undefined> {
  let at = skipSpace(array, skipSpace(array, 0) + 1)
  while (at < array.length && array[at] !== ']') {
    const end = endOfValue(array, at)
    yield array.slice(at, end)
    at = skipSpace(array, skipSpace(array, end) + 1)
  }
  return undefined
}

/** The texts of values that follow each other, with or without white space between; the last may be malformed. */
export function* splitDocuments(text: string): Generator<string> {
  for (let at = skipSpace(text, 0); at < text.length;) {
    const end = endOfValue(text, at)
    yield text.slice(at, end)
    at = skipSpace(text, end)
  }
}

export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at) - 1
    else if (character === '{' || character === '[') {
      if (++depth > limit) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return at
}

/** Behind the closing quote, or the end of a text that has none. Payloads are mostly strings: these must be quick. */
function endOfString(text: string, from: number): number {
  let at = text.indexOf('"', from + 1)
  while (at !== -1 && isEscaped(text, at)) at = text.indexOf('"', at + 1)
  return at === -1 ? text.length : at + 1
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0
  while (text[at - 1 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}

/** Always behind `from`, also in a text that is no JSON. */
function endOfValue(text: string, from: number): number {
  if (text[from] === '"') return endOfString(text, from)
  if (text[from] !== '{' && text[from] !== '[') return endOfScalar(text, from)
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at) - 1
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
  }
  return text.length
}

function endOfScalar(text: string, from: number): number {
  let at = from + 1
  while (at < text.length && !',}]{["\t\r\n '.includes(text.charAt(at))) at++
  return at
}
