import { type Entry, type Row, canariesIn } from '../history.ts'

type Of<F extends Entry['f']> = Extract<Entry, { f: F }>

/** All that is known of one message by its key. */
export type Send = {
  invoke: Of<'send'> & { type: 'invoke' }
  ok: (Of<'send'> & { type: 'ok' }) | undefined
  fail: Entry | undefined
  /** An attempt whose outcome nobody knows. */
  info: Entry | undefined
  /** How it came to be sent at a time that its author chose. */
  later?: Later
}

/** One wish about a message that is to be sent later; '' takes it back. */
export type LaterWish = {
  text: string
  dueMs: number | undefined
  asked: Of<'later'>
  ok: Of<'later'> | undefined
  fail: Entry | undefined
  info: Entry | undefined
}
export type Later = { thread: number; wishes: LaterWish[] }

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
  bySeq: Map<number, Row>
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
  /** What the database holds of one's own, by user. */
  readonly ownRows = new Map<number, Of<'own rows'>['rows']>()
  /** More is known than last words. */
  hasBegun = false
  #movements = new Map<string, Of<'join' | 'leave'>[]>()
  #runRooms = new Set<number>()
  /** Keys that were answered with a 201 or a 200. */
  acknowledged = 0

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      if (entry.f === 'send') this.#addSend(entry)
      else if (entry.f === 'act') this.#addEdit(entry)
      else if (entry.f === 'later') this.#addLater(entry)
      else if (entry.f === 'join' || entry.f === 'leave') this.#addMovement(entry)
      else if (entry.f === 'own rows') this.ownRows.set(entry.user, entry.rows)
      else if (entry.f === 'room') this.rooms.set(entry.room, finalRoom(entry))
      else if (entry.f === 'membership') this.memberships.set(`${entry.room} ${entry.user}`, entry)
    }
  }

  membership(room: number, user: number): Of<'membership'> | undefined {
    return this.memberships.get(`${room} ${user}`)
  }

  /** Somebody may have come or gone since the beginning. */
  hasMoved(room: number, user: number): boolean {
    return this.#movements.has(`${room} ${user}`)
  }

  /** Somebody has changed what the room is, or who may write. */
  isRun(room: number): boolean {
    return this.#runRooms.has(room)
  }

  /** Between these versions of the room they were no members; none where that is not known for sure. */
  absences(room: number, user: number): { from: number; to: number }[] {
    const movements = this.#movements.get(`${room} ${user}`) ?? []
    if (movements.some(({ type }) => type === 'info')) return []
    const known = movements
      .flatMap(({ f, type, version }) => (type === 'ok' && version !== undefined ? [{ f, version }] : []))
      .sort((a, b) => a.version - b.version)
    return known.flatMap(({ f, version: from }, n) => {
      const next = known[n + 1]
      return f === 'leave' && next?.f === 'join' ? [{ from, to: next.version }] : []
    })
  }

  /** The message of the room's own timeline that has this number. */
  said(room: number, seq: number): Row | undefined {
    return this.rooms.get(room)?.bySeq.get(seq)
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

  #addMovement(entry: Of<'join' | 'leave'>): void {
    this.hasBegun = true
    if (entry.version === 0 || entry.type === 'fail') return
    const name = `${entry.room} ${entry.user}`
    const known = this.#movements.get(name)
    if (known) known.push(entry)
    else this.#movements.set(name, [entry])
  }

  #addLater(entry: Of<'later'>): void {
    const { key, text, type, thread = 0, dueMs } = entry
    if (type === 'invoke') {
      const { f: _, type: __, dueMs: ___, version: ____, atMs: _____, ...written } = entry
      const invoke = { ...written, f: 'send', type: 'invoke' } as const
      const later: Later = { thread, wishes: [] }
      const known = this.sends.get(key) ?? { invoke, ok: undefined, fail: undefined, info: undefined, later }
      this.sends.set(key, known)
      for (const { canary } of canariesIn(text)) this.keyOfCanary.set(canary, key)
      known.later?.wishes.push({ text, dueMs, asked: entry, ok: undefined, fail: undefined, info: undefined })
      return
    }
    const wish = this.sends.get(key)?.later?.wishes.findLast((one) => one.text === text)
    if (!wish) return
    if (type === 'ok') wish.ok ??= entry
    else wish[type] ??= entry
  }

  #addEdit({ kind, target, value, type, version, ...entry }: Of<'act'>): void {
    if (kind === 'room') this.#runRooms.add(entry.room)
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
  const byId = new Map(entry.rows.map((row) => [row.id, row]))
  const own = entry.rows.filter(({ thread, seq }) => thread === 0 && seq !== null)
  return { entry, byKey, runs, byId, bySeq: new Map(own.map((row) => [row.seq!, row])) }
}
