import { isEmoji } from '@grandchat/contracts/reactions/emoji'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import { AppError, invalidInput, notFound, overloaded } from '../errors.ts'
import { isMember } from '../rooms/access.ts'
import { changeRoom, type RoomChanger } from '../rooms/change-room.ts'
import { type Reaction, setReactions } from './set-batch.ts'

const maxBatch = 64
/** Rows that one event carries: each may name a thousand people. */
const maxRows = 4
/** Reactions that may wait in one room. */
const maxWaiting = 2_000

type Waiting = Reaction & { resolve: (answer: RowsChanged) => void; reject: (error: unknown) => void }

/**
 * Sets reactions in their room's lane: what arrives while a batch is in flight forms the next one, with one version and
 * one event. So what everybody reacts to at once costs little more than what one does.
 */
export class Reactor {
  readonly #changer: RoomChanger
  readonly #rooms = new Map<number, Waiting[]>()

  constructor(changer: RoomChanger) {
    this.#changer = changer
  }

  /** Reacts to a message, or takes it back; who did so already changes nothing. */
  async set(roomId: number, reaction: Reaction): Promise<RowsChanged> {
    if (!isEmoji(reaction.emoji)) throw invalidInput({ emoji: 'is not one emoji' })
    if (!(await isMember(this.#changer.db, reaction.userId, roomId))) throw notFound()
    return new Promise((resolve, reject) => this.#enqueue(roomId, { ...reaction, resolve, reject }))
  }

  #enqueue(roomId: number, reaction: Waiting): void {
    const waiting = this.#rooms.get(roomId)
    if (waiting && waiting.length >= maxWaiting) return reaction.reject(overloaded())
    if (waiting) waiting.push(reaction)
    else {
      this.#rooms.set(roomId, [reaction])
      void this.#drain(roomId, this.#rooms.get(roomId)!)
    }
  }

  async #drain(roomId: number, waiting: Waiting[]): Promise<void> {
    while (waiting.length > 0) {
      let batch: Waiting[] = []
      try {
        const answers = await changeRoom(this.#changer, roomId, (tx, room) => {
          batch = takeBatch(waiting)
          return setReactions(tx, room, batch)
        })
        for (const [i, { resolve, reject }] of batch.entries()) {
          const answer = answers[i]!
          if (answer instanceof AppError) reject(answer)
          else resolve(answer)
        }
      } catch (error) {
        // A room that is locked, or a database that does not answer, would keep them all waiting.
        for (const { reject } of [...batch, ...waiting.splice(0)]) reject(error)
      }
    }
    this.#rooms.delete(roomId)
  }
}

/** The first ones that fit one event. */
function takeBatch(waiting: Waiting[]): Waiting[] {
  const rows = new Set<string>()
  let size = 0
  for (const { messageId, emoji } of waiting) {
    rows.add(`${messageId} ${emoji}`)
    if (size === maxBatch || rows.size > maxRows) break
    size++
  }
  return waiting.splice(0, size)
}
