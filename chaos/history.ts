import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A message as somebody showed it or the database holds it. `thread`: 0 in the room's own timeline. */
export type Row = {
  id: number
  thread: number
  seq: number | null
  version: number
  user: number
  key: string | null
  text: string
  isDeleted: boolean
  /** What hangs on it, as `stateOf` says it. */
  state: string
  /** When it was sent, on the database's clock. */
  atMs?: number
  /** Whom it mentions; `all`: every member. */
  mentions?: { users: readonly number[]; all: boolean }
}
/** How far a room's messages have got with a member, since they joined. */
export type Mark = { delivered: number; seen: number; since?: string }
export type Shown = Pick<Row, 'id' | 'key' | 'text'>

/** `info`: nobody knows whether it happened. */
type Outcome = 'invoke' | 'ok' | 'fail' | 'info'
type At = { proc: string; user: number; room: number }

/**
 * What sets a state, and may be asked for again: a message's text or that it is gone, a reaction, a pin, what a room is
 * called and who may do what in it, something of one's own. Of two the one that came last stands.
 */
export type ActKind = 'edit' | 'remove' | 'react' | 'pin' | 'room' | 'role' | 'own'
/** `target` is what `value` was set of, within the room; of one's own, `room` is 0. */
export type Act = { kind: ActKind; target: string; value: string }

/** What happened, in the order in which it was seen. `proc` is one client; a user may have several. */
export type Happening =
  /** A person wrote it (`invoke`), the server answered, or an attempt went without an answer. */
  | (At & { f: 'send'; type: 'invoke'; key: string; text: string; thread?: number })
  | (At & { f: 'send'; type: 'ok'; key: string; id: number; seq: number; version: number })
  | (At & { f: 'send'; type: 'fail'; key: string })
  | (At & { f: 'send'; type: 'info'; key: string })
  /**
   * Written to be sent later, changed, or taken back (`text` is ''). `key` is the message's. `dueMs` and `atMs`: when it is
   * to be sent, and the latest moment at which the answer was given, on the clock on the wall; `version`: the answer's row's.
   */
  | (At & {
      f: 'later'
      type: Outcome
      key: string
      text: string
      dueMs?: number
      thread?: number
      version?: number
      atMs?: number
    })
  /** `version` is the room's, of the change. */
  | (At & { f: 'join' | 'leave'; type: Outcome; version?: number })
  | (At & { f: 'mark'; type: Outcome; seq: number; userVersion?: number; atVersion?: number })
  /** `version`: of the row that it set. */
  | (At & Act & { f: 'act'; type: Outcome; version?: number })
  /** A room was read by REST; `since` is where the history was when it was asked for. */
  | (At & { f: 'door'; since: number; call: string })
  /** The event of one version of a room, when it was first heard of, and again if it was told differently. */
  | (At & { f: 'event'; version: number; text: string })
  /** A page of history, in the order of the answer: newest first. */
  | (At & { f: 'read'; ids: number[]; thread?: number })
  /** A change of what is on screen: `remove` rows from `at` on gave way to `add`. */
  | (At & { f: 'show'; status: string; at: number; remove: number; add: Shown[]; thread?: number })
  | (At & { f: 'pending'; keys: { key: string; state: string }[]; thread?: number })
  /** How far the room has got with its members, as a client was told: those who changed, by user. */
  | (At & { f: 'marks'; marks: Record<string, Mark> })
  /** A canary stood in bytes that came to this client, by whatever door. */
  | (At & { f: 'receive'; canary: string })
  /** A real page, from top to bottom of its screen. */
  | (At & { f: 'page'; ids: number[]; isLast: boolean })
  /** An answer that nobody should ever get: 500, or 401 with a session. */
  | { f: 'odd'; proc: string; user: number; status: number; call: string; text: string }
  | { f: 'phase'; name: string }
  /** The end: what a client shows of a room that is open. */
  | (At & {
      f: 'final'
      status: string
      hasOlder: boolean
      ids: number[]
      pending: { key: string; state: string }[]
      thread?: number
      /** Text and state of each message. */
      views?: Pick<Row, 'text' | 'state'>[]
      /** Roles by user, if they are known. */
      roles?: Record<string, string>
      /** Null: not known. */
      marks?: Record<string, Mark> | null
    })
  /** The end: what a client, or the database, holds of one's own. */
  | { f: 'own'; proc: string; user: number; rows: Record<string, string> }
  | { f: 'own rows'; user: number; rows: Record<string, { value: string; version: number }> }
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
      /** What it is called, what it is about, who may write, whether it is archived. */
      about?: About
      /** By what was set: the state and its version, where it has one of its own. */
      states?: Record<string, { value: string; version?: number }>
    }
  | {
      f: 'membership'
      room: number
      user: number
      isMember: boolean
      readSeq: number
      role?: string
      name?: string
      mark?: Mark
    }

export type About = { name: string; topic: string; posting: string; isArchived: boolean }
export type Counters = {
  room: number
  unread: number
  readSeq: number
  lastSeq: number
  memberCount: number
  about?: About
  /** Seqs of unread messages that mention the reader. */
  mentions?: readonly number[]
}
/** `i` counts from 0; `t_ns` is this machine's monotonic clock since the history began. */
export type Entry = Happening & { i: number; t_ns: number }

/** From here on the database's clock and the one on the wall differ. */
export const steppedClocks = 'the clocks are stepped'

/** Ends the name of somebody who keeps every socket and token. */
export const clinging = '_clinging'

export class History {
  readonly entries: Entry[] = []
  /** Scheduled messages that the server did not take. */
  readonly refused = new Set<string>()
  #events = new Map<string, string>()
  #start = process.hrtime.bigint()

  add(happening: Happening): Entry {
    const t_ns = Number(process.hrtime.bigint() - this.#start)
    const entry: Entry = { i: this.entries.length, t_ns, ...happening }
    this.entries.push(entry)
    if (entry.f === 'later' && entry.type === 'fail') this.refused.add(entry.key)
    return entry
  }

  /** Notes an event of a room, unless it was told in these words before. */
  addEvent(at: At, version: number, text: string): void {
    const name = `${at.room} ${version}`
    if (this.#events.get(name) === text) return
    this.#events.set(name, text)
    this.add({ ...at, f: 'event', version, text })
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

/** All that hangs on a message and is shown, in one text that can be compared. */
export function stateOf(message: {
  isEdited: boolean
  isDeleted: boolean
  reactions: { emoji: string; users: readonly number[] }[]
  isPinned: boolean
  thread: { seq: number; count: number } | undefined
}): string {
  const { isEdited, isDeleted, isPinned, thread } = message
  const reactions = message.reactions.map(({ emoji, users }) => `${emoji} ${users.toSorted((a, b) => a - b).join()}`)
  return [
    isEdited && 'edited',
    isDeleted && 'deleted',
    isPinned && 'pinned',
    thread && `thread of ${thread.count} up to ${thread.seq}`,
    ...reactions.sort(),
  ]
    .filter(Boolean)
    .join('; ')
}

const canaryPattern = /~(\d+)\.\w+~/g

/** A mark in a text that is found again wherever the text goes. */
export function canaryOf(room: number, name: string): string {
  return `~${room}.${name}~`
}

export function canariesIn(bytes: string): { canary: string; room: number }[] {
  return [...bytes.matchAll(canaryPattern)].map(([canary, room]) => ({ canary, room: Number(room) }))
}
