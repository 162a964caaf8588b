import { eachMember, elementTexts, isDeeperThan } from '../json-scan.ts'
import { maxPayloadDepth } from '../json-text.ts'
import { RawJson } from '../protocol.ts'

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

function memberTexts(object: string): Map<string, string> {
  const texts = new Map<string, string>()
  eachMember(object, (name, text) => texts.set(name, text))
  return texts
}
