import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { packRoom } from './pack-room.ts'

const everyMs = 5_000
/** A room is packed once so many changes wait, or a while after the last time: writing a pack costs the same for one as for many. */
const enough = 16
const restSeconds = 30
/** Rooms of one round: what is left comes in the next, at once. */
const perRound = 200
/** Between two passes: packing a large installation for the first time is no reason to keep people waiting. */
const breath = () => new Promise((resolve) => setTimeout(resolve, 2))

export type PackerOptions = { db: Database; onError: (error: unknown) => void }

/** Keeps the packs of all rooms up to date, in the background and by whichever backend comes first. */
export class Packer {
  readonly #options: PackerOptions
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #isStopped = false

  constructor(options: PackerOptions) {
    this.#options = options
  }

  start(): void {
    this.#running = this.#round()
      .catch((error: unknown) => {
        this.#options.onError(error)
        return false
      })
      .then((isMore) => {
        if (this.#isStopped) return
        this.#timer = setTimeout(() => this.start(), isMore ? 0 : everyMs * (0.75 + Math.random() / 2))
        this.#timer.unref()
      })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  /** Packs everything that waits, however little it is. */
  async packAll(): Promise<void> {
    for (const roomId of await this.#findWaiting({ isEager: true })) {
      while (await packRoom(this.#options.db, roomId));
    }
  }

  async #round(): Promise<boolean> {
    const waiting = await this.#findWaiting({ isEager: false })
    for (const roomId of waiting) {
      do {
        if (this.#isStopped) return false
        await breath()
      } while (await packRoom(this.#options.db, roomId))
    }
    return waiting.length === perRound
  }

  async #findWaiting({ isEager }: { isEager: boolean }): Promise<number[]> {
    const isDue = sql`(r.version - coalesce(s.version, 0) >= ${enough} or s.packed_at is null
      or s.packed_at < clock_timestamp() - make_interval(secs => ${restSeconds}))`
    const { rows } = await sql<{ id: number }>`
      select r.id from rooms r left join search_rooms s on s.room_id = r.id
      where r.version > coalesce(s.version, 0) ${isEager ? sql`` : sql`and ${isDue} limit ${perRound}`}`.execute(
      this.#options.db,
    )
    return rows.map(({ id }) => id)
  }
}
