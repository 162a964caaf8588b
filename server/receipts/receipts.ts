import { overloaded } from '../errors.ts'
import type { RoomChanger } from '../rooms/change-room.ts'
import { tellReceipts } from './tell.ts'

/** What happens within this time is told at once. */
export const gatherMs = 2_000
/** Rooms that may wait; of each at most as many people as a small room has. */
const maxRooms = 20_000
/** Rooms told of at the same time: what people say goes first. */
const maxTelling = 2

export type After = (ms: number, run: () => void) => () => void

export type ReceiptsOptions = {
  changer: RoomChanger
  onError: (error: unknown) => void
  after?: After
  now?: () => number
}

/** What was reported in one room and not told yet, by user; read positions are in the database already. */
type Noted = { delivered: Map<number, number>; dueAt: number }

/**
 * Small rooms in which something was delivered or read, until their members are told: at most once per `gatherMs` and room.
 * What a crash loses of it is told together with whatever is noted next.
 */
export class Receipts {
  readonly #options: Required<ReceiptsOptions>
  /** Those noted first come first. */
  readonly #noted = new Map<number, Noted>()
  readonly #telling = new Set<Promise<void>>()
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(options: ReceiptsOptions) {
    this.#options = { after: later, now: () => performance.now(), ...options }
  }

  /** Somebody has read on in this room. What cannot be kept is found in the database another time. */
  noteRead(roomId: number): void {
    if (this.#noted.size < maxRooms) this.#note(roomId)
  }

  /** A device of this user has been told of the room up to `seq`. */
  noteDelivered(roomId: number, userId: number, seq: number): void {
    if (this.#noted.size >= maxRooms && !this.#noted.has(roomId)) throw overloaded()
    const { delivered } = this.#note(roomId)
    delivered.set(userId, Math.max(seq, delivered.get(userId) ?? 0))
  }

  /** Tells everything that waits, now. */
  async flush(untilMs = Infinity): Promise<void> {
    while (this.#noted.size > 0 && this.#options.now() < untilMs) {
      for (const roomId of [...this.#noted.keys()].slice(0, maxTelling - this.#telling.size)) this.#tell(roomId)
      await Promise.race(this.#telling)
    }
    await Promise.all(this.#telling)
  }

  /** Nobody waits long for a backend that stops: read positions are stored, and what was delivered will be reported again. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#cancel?.()
    await this.flush(this.#options.now() + gatherMs)
  }

  #note(roomId: number): Noted {
    const noted = this.#noted.get(roomId) ?? {
      delivered: new Map<number, number>(),
      dueAt: this.#options.now() + gatherMs,
    }
    this.#noted.set(roomId, noted)
    this.#wait()
    return noted
  }

  #wait(): void {
    const [next] = this.#noted.values()
    if (!next || this.#cancel || this.#isStopped || this.#telling.size >= maxTelling) return
    this.#cancel = this.#options.after(Math.max(0, next.dueAt - this.#options.now()), () => {
      this.#cancel = undefined
      this.#tellDue()
      this.#wait()
    })
  }

  #tellDue(): void {
    const now = this.#options.now()
    for (const [roomId, { dueAt }] of this.#noted) {
      if (dueAt > now || this.#telling.size >= maxTelling) return
      this.#tell(roomId)
    }
  }

  #tell(roomId: number): void {
    const noted = this.#noted.get(roomId)
    this.#noted.delete(roomId)
    const telling = tellReceipts(this.#options.changer, roomId, noted?.delivered ?? new Map())
      .catch((error: unknown) => this.#failed(roomId, noted, error))
      .finally(() => {
        this.#telling.delete(telling)
        this.#wait()
      })
    this.#telling.add(telling)
  }

  /** It is tried again with the next that is noted there, or after the same time. */
  #failed(roomId: number, noted: Noted | undefined, error: unknown): void {
    this.#options.onError(error)
    if (this.#isStopped || this.#noted.size >= maxRooms) return
    const { delivered } = this.#note(roomId)
    for (const [userId, seq] of noted?.delivered ?? []) delivered.set(userId, Math.max(seq, delivered.get(userId) ?? 0))
  }
}

function later(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  timer.unref()
  return () => clearTimeout(timer)
}
