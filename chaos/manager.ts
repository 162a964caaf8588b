import { setTimeout as sleep } from 'node:timers/promises'
import type { Seeded } from '../client/testing/seeded.ts'
import { canaryOf } from './history.ts'
import type { Person } from './person.ts'

/** Who runs a room: renames it, gives roles, puts people out and brings them in again, closes and opens it. */
export class Manager {
  #person: Person
  #room: number
  #others: readonly number[]
  #seeded: Seeded
  #isStopped = false
  #finished: Promise<void>

  /** `others`: whose membership and role are decided. */
  constructor(person: Person, room: number, others: readonly number[], seeded: Seeded) {
    this.#person = person
    this.#room = room
    this.#others = others
    this.#seeded = seeded
    this.#finished = this.#run()
  }

  stop(): Promise<void> {
    this.#isStopped = true
    return this.#finished
  }

  async #run(): Promise<void> {
    for (let n = 0; !this.#isStopped; n++) {
      // Refused, or nobody knows: the history has it.
      await this.#act(n).catch(() => sleep(200))
      await sleep(50 + this.#seeded.below(200))
    }
  }

  async #act(n: number): Promise<void> {
    const { rooms, members } = this.#person.client
    const [room, seeded] = [this.#room, this.#seeded]
    const other = seeded.pick(this.#others)
    const dice = seeded.below(100)
    if (dice < 20) return rooms.update(room, { name: canaryOf(room, `name_${n}`) })
    if (dice < 40) return rooms.update(room, { topic: canaryOf(room, `topic_${n}`) })
    if (dice < 55) return members.setRole(room, other, seeded.chance(0.5) ? 'admin' : 'member')
    if (dice < 80) {
      await members.remove(room, other)
      await sleep(seeded.below(600))
      return members.add(room, other)
    }
    const isArchived = seeded.chance(0.5)
    await (isArchived ? rooms.archive(room) : rooms.update(room, { posting: 'admins' }))
    await sleep(seeded.below(300))
    return isArchived ? rooms.restore(room) : rooms.update(room, { posting: 'all' })
  }
}
