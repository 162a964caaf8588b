/**
 * Deeper payloads are refused. Every subscriber parses what one client published, and in some browsers a parser that
 * runs out of stack throws, which ends the SDK's connection for good.
 */
const maxDepth = 256

export const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The text of a member's value, as it stands in the document: payloads are passed on without being rebuilt, so large
 * numbers and the order of keys survive. The document must be valid JSON with an object at its root. Of two members
 * with one name the last counts, as in `JSON.parse`. Undefined when the path leads nowhere or the value is too deep.
 */
export function sliceMember(document: string, path: string[]): string | undefined {
  let text: string | undefined = document
  for (const name of path) text = text === undefined ? undefined : lastMember(text, name)
  if (text === undefined || isTooDeep(text)) return undefined
  // A line feed cannot be in here, it splits frames; a carriage return could only be white space.
  return text.includes('\r') ? text.replaceAll('\r', ' ') : text
}

/** The text of a JSON value on one line, or undefined when the bytes are no JSON, or too deep. */
export function jsonTextOf(bytes: Uint8Array): string | undefined {
  try {
    const text = strictUtf8.decode(bytes)
    JSON.parse(text)
    return isTooDeep(text) ? undefined : text.replaceAll(/[\r\n]/g, ' ').trim()
  } catch {
    return undefined
  }
}

function lastMember(object: string, name: string): string | undefined {
  let found: string | undefined
  let at = skipSpace(object, 0)
  if (object[at] !== '{') return undefined
  at = skipSpace(object, at + 1)
  while (object[at] === '"') {
    const keyEnd = endOfString(object, at)
    const key = object.slice(at, keyEnd)
    const valueStart = skipSpace(object, skipSpace(object, keyEnd) + 1)
    const valueEnd = endOfValue(object, valueStart)
    if (key.includes('\\') ? JSON.parse(key) === name : key.slice(1, -1) === name) {
      found = object.slice(valueStart, valueEnd)
    }
    at = skipSpace(object, skipSpace(object, valueEnd) + 1)
  }
  return found
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r' || text[at] === '\n') at++
  return at
}

function endOfString(text: string, from: number): number {
  let at = from + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}

function endOfValue(text: string, from: number): number {
  if (text[from] === '"') return endOfString(text, from)
  if (text[from] !== '{' && text[from] !== '[') return endOfScalar(text, from)
  let depth = 0
  for (let at = from; ; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at) - 1
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1
  }
}

function endOfScalar(text: string, from: number): number {
  let at = from
  while (at < text.length && !',}] \t\r\n'.includes(text.charAt(at))) at++
  return at
}

function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at) - 1
    else if (character === '{' || character === '[') {
      if (++depth > maxDepth) return true
    } else if (character === '}' || character === ']') depth--
  }
  return false
}
