import type { OwnKind, OwnValues } from '@grandchat/contracts/own-rows/kinds'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { SyncAnswer } from '@grandchat/contracts/sync/schema'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'

/** A row as it is wanted here, before the server has confirmed it: null takes it away. */
export type WishOf<Kind extends OwnKind> = { kind: Kind; key: string; value: OwnValues[Kind] | null }
export type Wish = { [Kind in OwnKind]: WishOf<Kind> }[OwnKind]

/** Shows a wish at once, and has it carried out. */
export type Keep = (wish: Wish) => void

/** Rows of one kind that are there, by key. */
export type RowsOf<Kind extends OwnKind> = ReadonlyMap<string, OwnValues[Kind]>

export type OwnRows = ReturnType<typeof createOwnRows>

export type OwnRowsSetup = {
  source: MakeSource
  /** What is on its way, in the order of being wished. */
  wishes: () => readonly Wish[]
  /** Up to this version of the viewer's state every row is known. */
  knownVersion: () => number
}

/** What the viewer keeps for themselves: merged by version, in any order; what was taken away leaves a trace. */
export function createOwnRows({ source, wishes, knownVersion }: OwnRowsSetup) {
  const rows = new Map<string, OwnRow>()
  const kinds = new Map<OwnKind, Source<RowsOf<OwnKind>>>()

  function sourceOf(kind: OwnKind): Source<RowsOf<OwnKind>> {
    const known = kinds.get(kind)
    if (known) return known
    const made = source(() => read(kind))
    kinds.set(kind, made)
    return made
  }

  function read(kind: OwnKind): RowsOf<OwnKind> {
    const found = new Map<string, OwnValues[OwnKind]>()
    // Its kind says what a row holds; the server checks it.
    for (const row of rows.values()) if (row.kind === kind) set(found, row.key, row.value as OwnValues[OwnKind] | null)
    for (const wish of wishes()) if (wish.kind === kind) set(found, wish.key, wish.value)
    return found
  }

  function changed(kind: string) {
    kinds.get(kind as OwnKind)?.changed()
  }

  function merge(row: OwnRow) {
    const id = idOf(row)
    if ((rows.get(id)?.own_version ?? -1) >= row.own_version) return
    rows.set(id, row)
    changed(row.kind)
  }

  return {
    of: <Kind extends OwnKind>(kind: Kind) => sourceOf(kind) as Observable<unknown> as Observable<RowsOf<Kind>>,
    /** All that is known, traces included. */
    list: (): readonly OwnRow[] => [...rows.values()],
    merge,

    /** The answer to a write, however late: what is known by now may have forgotten even its trace. */
    mergeWritten(row: OwnRow) {
      if (row.own_version > knownVersion()) merge(row)
    },

    /** A wish of this kind came, or went. */
    changed,

    /** Those of a sync. If they are all that there are, those that are not among them have gone. */
    mergeAnswer(answer: SyncAnswer['own'], userVersion: number) {
      if (answer.is_whole) {
        const there = new Set(answer.rows.map(idOf))
        for (const [id, row] of rows) {
          if (!there.has(id) && row.value !== null) merge({ ...row, value: null, own_version: userVersion })
        }
      }
      for (const row of answer.rows) merge(row)
    },

    reset() {
      rows.clear()
      for (const kind of kinds.values()) kind.changed()
    },
  }
}

export function idOf({ kind, key }: Pick<OwnRow, 'kind' | 'key'>): string {
  return `${kind} ${key}`
}

function set<Value>(map: Map<string, Value>, key: string, value: Value | null) {
  if (value === null) map.delete(key)
  else map.set(key, value)
}
