import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A message as somebody showed it or the database holds it. */
export type Row = { id: number; seq: number | null; version: number; user: number; key: string | null; text: string }
export type Shown = Pick<Row, 'id' | 'key' | 'text'>

/** `info`: nobody knows whether it happened. */
type Outcome = 'invoke' | 'ok' | 'fail' | 'info'
type At = { proc: string; user: number; room: number }

/** What happened, in the order in which it was seen. `proc` is one client; a user may have several. */
export type Happening =
  /** A person wrote it (`invoke`), the server answered, or an attempt went without an answer. */
  | (At & { f: 'send'; type: 'invoke'; key: string; text: string })
  | (At & { f: 'send'; type: 'ok'; key: string; id: number; seq: number; version: number })
  | (At & { f: 'send'; type: 'fail'; key: string })
  | (At & { f: 'send'; type: 'info'; key: string })
  /** `version` is the room's, of the change. */
  | (At & { f: 'join' | 'leave'; type: Outcome; version?: number })
  | (At & { f: 'mark'; type: Outcome; seq: number; userVersion?: number; atVersion?: number })
  /** A page of history, in the order of the answer: newest first. */
  | (At & { f: 'read'; ids: number[] })
  /** A change of what is on screen: `remove` rows from `at` on gave way to `add`. */
  | (At & { f: 'show'; status: string; at: number; remove: number; add: Shown[] })
  | (At & { f: 'pending'; keys: { key: string; state: string }[] })
  /** A canary stood in bytes that came to this client, by whatever door. */
  | (At & { f: 'receive'; canary: string })
  /** A real page, from top to bottom of its screen. */
  | (At & { f: 'page'; ids: number[]; isLast: boolean })
  /** An answer that nobody should ever get: 500, or 401 with a session. */
  | { f: 'odd'; proc: string; user: number; status: number; call: string; text: string }
  | { f: 'phase'; name: string }
  /** The end: what a client shows of a room that is open. */
  | (At & { f: 'final'; status: string; hasOlder: boolean; ids: number[]; pending: { key: string; state: string }[] })
  /** The end: a room as REST tells it, oldest first. */
  | (At & { f: 'whole'; ids: number[] })
  /** The end: a client's list of rooms, in its order. */
  | { f: 'list'; proc: string; user: number; rooms: Counters[] }
  /** The end: the database. */
  | {
      f: 'room'
      room: number
      isLarge: boolean
      version: number
      lastSeq: number
      memberCount: number
      bumpedAt: string
      rows: Row[]
    }
  | { f: 'membership'; room: number; user: number; isMember: boolean; readSeq: number }

export type Counters = { room: number; unread: number; readSeq: number; lastSeq: number; memberCount: number }
/** `i` counts from 0; `t_ns` is this machine's monotonic clock since the history began. */
export type Entry = Happening & { i: number; t_ns: number }

/** Ends the name of somebody who keeps every socket and token. */
export const clinging = '_clinging'

export class History {
  readonly entries: Entry[] = []
  #start = process.hrtime.bigint()

  add(happening: Happening): Entry {
    const t_ns = Number(process.hrtime.bigint() - this.#start)
    const entry: Entry = { i: this.entries.length, t_ns, ...happening }
    this.entries.push(entry)
    return entry
  }

  /** Milliseconds since the history began. */
  get ms(): number {
    return Number(process.hrtime.bigint() - this.#start) / 1e6
  }

  /** One JSON object per line, after one of what is needed to run it again. */
  async write(path: string, head: object): Promise<void> {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, `${JSON.stringify(head)}\n`)
    const chunk = 10_000
    for (let i = 0; i < this.entries.length; i += chunk) {
      const lines = this.entries.slice(i, i + chunk).map((entry) => JSON.stringify(entry))
      await appendFile(path, `${lines.join('\n')}\n`)
    }
  }
}

export async function readHistory(path: string): Promise<Entry[]> {
  const [, ...lines] = (await readFile(path, 'utf8')).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Entry)
}

const canaryPattern = /~(\d+)\.\w+~/g

/** A mark in a text that is found again wherever the text goes. */
export function canaryOf(room: number, name: string): string {
  return `~${room}.${name}~`
}

export function canariesIn(bytes: string): { canary: string; room: number }[] {
  return [...bytes.matchAll(canaryPattern)].map(([canary, room]) => ({ canary, room: Number(room) }))
}
