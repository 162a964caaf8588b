import { setTimeout as sleep } from 'node:timers/promises'
import type { Seeded } from '../client/testing/seeded.ts'
import type { Person } from './person.ts'

/** What people do, and how often out of a hundred. */
const habits = [
  [62, 'write'],
  [14, 'read'],
  [8, 'look'],
  [6, 'scroll'],
  [10, 'move'],
] as const
type Habit = (typeof habits)[number][1]

export type LoadOptions = {
  seeded: Seeded
  /** Who is there at the moment. */
  people: () => readonly Person[]
  perSecond: number
  /** Rooms that may be joined and left. */
  openRooms: readonly number[]
}

/** People who do things at times of their own, whether or not the server keeps up (open loop). The seed decides what. */
export class Load {
  done = 0
  #options: LoadOptions
  #isStopped = false
  #finished: Promise<void>

  constructor(options: LoadOptions) {
    this.#options = options
    this.#finished = this.#run()
  }

  stop(): Promise<void> {
    this.#isStopped = true
    return this.#finished
  }

  async #run(): Promise<void> {
    const { seeded, perSecond } = this.#options
    for (let due = performance.now(); !this.#isStopped; this.#act()) {
      due += (-Math.log(1 - seeded.random()) / perSecond) * 1_000
      const wait = due - performance.now()
      if (wait > 1) await sleep(wait)
    }
  }

  #act(): void {
    const { seeded, people } = this.#options
    const person = seeded.pick(people())
    let dice = seeded.below(100)
    const habit = habits.find(([share]) => (dice -= share) < 0)![1]
    this.done++
    acts[habit](person, this.#options)
  }
}

const acts: Record<Habit, (person: Person, options: LoadOptions) => void> = {
  write(person, { seeded }) {
    if (person.rooms.length > 0) person.write(seeded.pick(person.rooms))
  },
  read(person, { seeded }) {
    if (person.openRooms.length === 0) return
    const room = person.client.rooms.get(seeded.pick(person.openRooms)).get()
    if (!room) return
    // To the end mostly; or back, "mark as unread".
    const seq = seeded.chance(0.8) ? room.last_seq : seeded.below(room.last_seq + 1)
    person.client.readMarkers.mark(room.id, seq)
  },
  look(person, { seeded }) {
    if (person.rooms.length === 0) return
    const room = seeded.pick(person.rooms)
    if (person.openRooms.includes(room)) person.closeRoom(room)
    else person.open(room)
  },
  scroll(person, { seeded }) {
    if (person.openRooms.length > 0) void person.client.messages.loadOlder(seeded.pick(person.openRooms))
  },
  move(person, { seeded, openRooms }) {
    if (openRooms.length === 0) return
    const room = seeded.pick(openRooms)
    const isIn = person.rooms.includes(room)
    const moved = isIn ? person.client.rooms.leave(room) : person.client.rooms.join(room)
    // Refused, or nobody knows: the history has it.
    moved.catch(() => {})
  },
}

/** Somebody who joins and leaves up to ten times a second, and stays away for a while now and then. */
export class Flipper {
  flips = 0
  #isStopped = false
  #finished: Promise<void>

  constructor(person: Person, rooms: readonly number[], seeded: Seeded) {
    this.#finished = this.#run(person, rooms, seeded)
  }

  stop(): Promise<void> {
    this.#isStopped = true
    return this.#finished
  }

  async #run(person: Person, rooms: readonly number[], seeded: Seeded): Promise<void> {
    while (!this.#isStopped) {
      const room = seeded.pick(rooms)
      const isIn = person.rooms.includes(room)
      await (isIn ? person.client.rooms.leave(room) : person.client.rooms.join(room)).catch(() => sleep(200))
      this.flips++
      await sleep(seeded.chance(0.1) ? 1_700 : 60 + seeded.below(60))
    }
  }
}
