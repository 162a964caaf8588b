import { RawJson } from '../protocol.ts'

/** Deeper payloads are refused, as those of clients are: some browsers run out of stack when they parse them. */
const maxPayloadDepth = 256
/** A payload, and the levels of a request around it. Anything deeper is not even parsed: it is a bomb. */
const maxDocumentDepth = maxPayloadDepth + 8

/** A JSON value and the text that it was written as, so that payloads are passed on without being rebuilt. */
export class JsonPart {
  readonly value: unknown
  readonly #text: () => string
  #memberTexts: Map<string, string> | undefined

  private constructor(value: unknown, text: () => string) {
    this.value = value
    this.#text = text
  }

  /** Undefined when the text is no JSON, or is nested without measure. */
  static parse(text: string): JsonPart | undefined {
    if (isDeeperThan(text, maxDocumentDepth)) return undefined
    try {
      return new JsonPart(JSON.parse(text), () => text)
    } catch {
      return undefined
    }
  }

  /** A method without parameters. */
  static empty(): JsonPart {
    return new JsonPart({}, () => '{}')
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value)
  }

  /** A member of an object; undefined when it has none of that name. */
  member(name: string): JsonPart | undefined {
    if (!this.isObject || !Object.hasOwn(this.value as object, name)) return undefined
    const value = (this.value as Record<string, unknown>)[name]
    return new JsonPart(value, () => (this.#memberTexts ??= memberTexts(this.#text())).get(name) ?? 'null')
  }

  /** Of an array, each made when it is asked for. Undefined when it is none. */
  elements(): Generator<JsonPart> | undefined {
    return Array.isArray(this.value) ? this.#elementsOf(this.value) : undefined
  }

  /** On one line, because line feeds divide messages on the wire. Undefined when it is nested too deeply. */
  get raw(): RawJson | undefined {
    const text = this.#text()
    return isDeeperThan(text, maxPayloadDepth) ? undefined : new RawJson(text.replaceAll(/[\r\n]/g, ' '))
  }

  *#elementsOf(values: readonly unknown[]): Generator<JsonPart> {
    const texts = elementTexts(this.#text())
    for (const value of values) {
      const text = texts.next().value ?? 'null'
      yield new JsonPart(value, () => text)
    }
  }
}

/** The texts of values that follow each other, with or without white space between; the last may be malformed. */
export function* splitDocuments(text: string): Generator<string> {
  for (let at = skipSpace(text, 0); at < text.length;) {
    const end = endOfValue(text, at)
    yield text.slice(at, end)
    at = skipSpace(text, end)
  }
}

/** Of members with one name the last counts, as in `JSON.parse`. */
function memberTexts(object: string): Map<string, string> {
  const texts = new Map<string, string>()
  let at = skipSpace(object, skipSpace(object, 0) + 1)
  while (object[at] === '"') {
    const keyEnd = endOfString(object, at)
    const key = object.slice(at, keyEnd)
    const start = skipSpace(object, skipSpace(object, keyEnd) + 1)
    const end = endOfValue(object, start)
    texts.set(key.includes('\\') ? (JSON.parse(key) as string) : key.slice(1, -1), object.slice(start, end))
    at = skipSpace(object, skipSpace(object, end) + 1)
  }
  return texts
}

function* elementTexts(array: string): Generator<string, undefined> {
  let at = skipSpace(array, skipSpace(array, 0) + 1)
  while (at < array.length && array[at] !== ']') {
    const end = endOfValue(array, at)
    yield array.slice(at, end)
    at = skipSpace(array, skipSpace(array, end) + 1)
  }
  return undefined
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

function isDeeperThan(text: string, limit: number): boolean {
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
