import type { Database, OpenTransaction } from '../database/database.ts'
import { isOutcomeUnknown } from '../database/failures.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { OwnChange, Publisher, RoomChange, WorkspaceChange } from './publisher.ts'

/** One committed change of a stream. `roomId` of an own change: the room whose events it must stay in order with. */
export type Change =
  | ({ stream: 'room' } & RoomChange)
  | ({ stream: 'own'; roomId: number | null } & OwnChange)
  | ({ stream: 'workspace'; roomId: null } & WorkspaceChange)

/** Takes changes, in the order in which they must arrive. */
export type Announce = (changes: readonly Change[]) => Promise<void>

/**
 * Brings the events of a change to the real-time layer: published after the commit, written as rows in its transaction,
 * or both (`api_cdc`; the idempotency key drops the second copy).
 */
export class Announcer {
  readonly #publisher: Publisher | undefined
  readonly #outbox: Outbox | undefined

  constructor({ publisher, outbox }: { publisher?: Publisher | undefined; outbox?: Outbox | undefined }) {
    this.#publisher = publisher
    this.#outbox = outbox
  }

  /** A change needs a transaction: otherwise one statement will do, and `committed` after it. */
  get writesRows(): boolean {
    return this.#outbox !== undefined
  }

  /** Runs `work` in a transaction; what it announces is told if that is committed, and only then. */
  async within<T>(db: Database, work: (tx: OpenTransaction, announce: Announce) => Promise<T>): Promise<T> {
    const announced: Change[] = []
    const afterCommit: (() => void)[] = []
    try {
      const result = await db.transaction().execute((tx) =>
        work(tx, async (changes) => {
          announced.push(...changes)
          if (this.#outbox) afterCommit.push(await this.#outbox.write(tx, changes))
        }),
      )
      for (const act of afterCommit) act()
      this.committed(announced)
      return result
    } catch (error) {
      if (isOutcomeUnknown(error))
        for (const { stream, roomId } of announced) if (stream === 'room') this.unsure(roomId)
      throw error
    }
  }

  committed(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.stream === 'room') this.#publisher?.roomChanged(change)
      else if (change.stream === 'own') this.#publisher?.ownChanged(change)
      else this.#publisher?.workspaceChanged(change)
    }
  }

  /**
   * Nobody knows whether a change of this room was committed. Rows need nothing more: they were committed with it, or
   * neither was.
   */
  unsure(roomId: number): void {
    if (!this.#outbox) this.#publisher?.roomUnsure(roomId)
  }

  /** Resolves when everything handed over so far has left this process or was given up. */
  async drained(): Promise<void> {
    await Promise.all([this.#publisher?.drained(), this.#outbox?.drained()])
  }
}
