import { type Entry, type Row, canariesIn } from '../history.ts'

type Of<F extends Entry['f']> = Extract<Entry, { f: F }>

/** All that is known of one message by its key. */
export type Send = {
  invoke: Of<'send'> & { type: 'invoke' }
  ok: (Of<'send'> & { type: 'ok' }) | undefined
  fail: Entry | undefined
  /** An attempt whose outcome nobody knows. */
  info: Entry | undefined
}

/** The messages of one timeline: a room's own, or a thread's. */
export type Run = {
  rows: readonly Row[]
  /** Where each message stands, by id. */
  places: Map<number, number>
}

export type FinalRoom = {
  entry: Of<'room'>
  /** By thread; 0 is the room's own. */
  runs: Map<number, Run>
  byId: Map<number, Row>
  byKey: Map<string, Row[]>
}

const nothing: Run = { rows: [], places: new Map() }

/** A text that a message was given; or that a room was, as its name or topic (`message` is 0). */
export type Edit = { message: number; invoke: Entry; version: number | undefined }

/** The history's sends by key and the database's last word by room. */
export class Ledger {
  readonly sends = new Map<string, Send>()
  readonly rooms = new Map<number, FinalRoom>()
  readonly memberships = new Map<string, Of<'membership'>>()
  /** The message that bears a canary, by its key, or by its id where the canary came by an edit. */
  readonly keyOfCanary = new Map<string, string>()
  readonly editOfCanary = new Map<string, Edit>()
  /** What somebody made a message say, by id and text; '' if they removed it. */
  readonly edits = new Map<string, Edit>()
  /** Keys that were answered with a 201 or a 200. */
  acknowledged = 0

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      if (entry.f === 'send') this.#addSend(entry)
      else if (entry.f === 'act') this.#addEdit(entry)
      else if (entry.f === 'room') this.rooms.set(entry.room, finalRoom(entry))
      else if (entry.f === 'membership') this.memberships.set(`${entry.room} ${entry.user}`, entry)
    }
  }

  membership(room: number, user: number): Of<'membership'> | undefined {
    return this.memberships.get(`${room} ${user}`)
  }

  rowsOf(room: number, key: string): readonly Row[] {
    return this.rooms.get(room)?.byKey.get(key) ?? []
  }

  run(room: number, thread = 0): Run {
    return this.rooms.get(room)?.runs.get(thread) ?? nothing
  }

  /** Somebody has asked for it to say this by then, since it was sent. */
  mayHaveSaid(message: number, text: string, by: Entry): boolean {
    const edit = this.edits.get(`${message} ${text}`)
    return edit !== undefined && edit.invoke.i <= by.i
  }

  isEdited(message: number, text: string): boolean {
    return this.edits.has(`${message} ${text}`)
  }

  /** The message that bears a canary, and the version at which it came to bear it, as far as they are known. */
  canaryAt(canary: string, room: number): { row: Row | undefined; version: number | undefined } | undefined {
    const edit = this.editOfCanary.get(canary)
    if (edit) {
      const row = this.rooms.get(room)?.byId.get(edit.message)
      return { row, version: edit.version ?? row?.version }
    }
    const key = this.keyOfCanary.get(canary)
    if (key === undefined) return undefined
    const [row] = this.rowsOf(room, key)
    return { row, version: this.sends.get(key)?.ok?.version ?? row?.version }
  }

  #addEdit({ kind, target, value, type, version, ...entry }: Of<'act'>): void {
    if (kind !== 'edit' && kind !== 'remove' && kind !== 'room') return
    const name = `${target} ${kind === 'remove' ? '' : value}`
    const known = this.edits.get(name)
    if (type === 'invoke' && !known) {
      const invoke: Entry = { ...entry, kind, target, value, type }
      const edit: Edit = { message: kind === 'room' ? 0 : Number(target), invoke, version: undefined }
      this.edits.set(name, edit)
      for (const { canary } of canariesIn(value)) this.editOfCanary.set(canary, edit)
    } else if (type === 'ok' && known) known.version ??= version
  }

  #addSend(entry: Of<'send'>): void {
    if (entry.type === 'invoke') {
      this.sends.set(entry.key, { invoke: entry, ok: undefined, fail: undefined, info: undefined })
      for (const { canary } of canariesIn(entry.text)) this.keyOfCanary.set(canary, entry.key)
      return
    }
    const send = this.sends.get(entry.key)
    if (!send) return
    if (entry.type === 'info') send.info = entry
    else if (entry.type === 'fail') send.fail = entry
    else if (!send.ok) {
      send.ok = entry
      this.acknowledged++
    }
  }
}

function finalRoom(entry: Of<'room'>): FinalRoom {
  const byKey = new Map<string, Row[]>()
  for (const row of entry.rows) {
    if (row.key === null) continue
    const same = byKey.get(row.key)
    if (same) same.push(row)
    else byKey.set(row.key, [row])
  }
  const runs = new Map<number, Run>()
  for (const [thread, rows] of Map.groupBy(entry.rows, (row) => row.thread)) {
    runs.set(thread, { rows, places: new Map(rows.map((row, place) => [row.id, place])) })
  }
  return { entry, byKey, runs, byId: new Map(entry.rows.map((row) => [row.id, row])) }
}
