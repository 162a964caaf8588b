import { hubOnly, type Key, type KeysOf } from './keys.ts'
import type { Kind } from './kinds.ts'
import { isTree, type Tree, valueAt } from './tree.ts'

/** What is to be told about a configuration. With a mistake it is of no use; a warning names what has no effect. */
export type Report = { mistakes: string[]; warnings: string[] }

/** Which flag or environment variable set a value, by its whole path; what came from the file is not in here. */
export type Origins = ReadonlyMap<string, string>

/** A whole configuration, or a part of it and the path that it stands at. */
export type Part = { tree: Tree; origins: Origins; prefix?: string }

/** Reads values by their paths, remembers which paths have a meaning, and notes what is wrong. */
export class ConfigReader {
  readonly known = new Set<string>()
  readonly #part: Part
  readonly #report: Report

  constructor(part: Part, report: Report) {
    this.#part = part
    this.#report = report
  }

  /** Undefined when the value is absent, null, empty text, or wrong. */
  value<T>(path: string, kind: Kind<T>): T | undefined {
    this.known.add(path)
    const found = valueAt(this.#part.tree, path)
    if (found === undefined || found === null || found === '') return undefined
    const value = kind.read(found)
    if (value === undefined) this.#report.mistakes.push(this.#mistake(path, kind, found))
    return value
  }

  section<T>(keys: KeysOf<T>, prefix = ''): Partial<T> {
    const options: Partial<T> = {}
    for (const option in keys) {
      const key: Key<NonNullable<T[typeof option]>> | typeof hubOnly = keys[option]
      if (key === hubOnly) continue
      const value = this.#option(key, prefix)
      if (value !== undefined) options[option] = value
    }
    return options
  }

  /** Nothing is to be said about what an object contains, because Centrifugo would not look at it either. */
  pass(path: string): void {
    if (isTree(valueAt(this.#part.tree, path))) this.known.add(path)
  }

  /** The whole path. */
  name(path: string): string {
    return `${this.#part.prefix ?? ''}${path}`
  }

  #option<T>({ paths, kind, default: byDefault }: Key<T>, prefix: string): T | undefined {
    const values = paths.map((path) => {
      const value = this.value(prefix + path, kind)
      return value === 0 && byDefault !== undefined ? undefined : value
    })
    const given = values.find((value) => value !== undefined)
    if (given === undefined || paths.length === 1) return given
    const known = values.map((value) => value ?? byDefault ?? given)
    return this.#agreed(paths, known, kind)
  }

  /** Of several limits that are one here, the most generous: nothing is refused that Centrifugo would accept. */
  #agreed<T>(paths: readonly string[], values: T[], { write }: Kind<T>): T {
    const largest = values.reduce((most, value) => (value > most ? value : most))
    if (values.some((value) => value !== largest)) {
      const names = paths.map((path) => this.name(path)).join(' and ')
      this.#report.warnings.push(`${names} are one setting here: ${String(write(largest))} is used for all.`)
    }
    return largest
  }

  #mistake(path: string, kind: Pick<Kind<never>, 'words' | 'isSecret'>, found: unknown): string {
    const origin = this.#part.origins.get(this.name(path))
    const where = origin ? ` (set by ${origin})` : ''
    return `${this.name(path)}${where} must be ${kind.words}${kind.isSecret ? '' : `, not ${shown(found)}`}.`
  }
}

/** Never the inside of an object or list, where a secret may be. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'this list'
  if (typeof value === 'object') return 'an object'
  return JSON.stringify(typeof value === 'string' && value.length > 40 ? `${value.slice(0, 40)}…` : value)
}
