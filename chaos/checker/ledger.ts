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

export type FinalRoom = {
  entry: Of<'room'>
  /** Where each message stands, by id. */
  places: Map<number, number>
  byKey: Map<string, Row[]>
}

/** The history's sends by key and the database's last word by room. */
export class Ledger {
  readonly sends = new Map<string, Send>()
  readonly rooms = new Map<number, FinalRoom>()
  readonly memberships = new Map<string, Of<'membership'>>()
  /** The key of the message that bears a canary. */
  readonly keyOfCanary = new Map<string, string>()
  /** Keys that were answered with a 201 or a 200. */
  acknowledged = 0

  constructor(entries: readonly Entry[]) {
    for (const entry of entries) {
      if (entry.f === 'send') this.#addSend(entry)
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
  return { entry, byKey, places: new Map(entry.rows.map((row, place) => [row.id, place])) }
}
