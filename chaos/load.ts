import { setTimeout as sleep } from 'node:timers/promises'
import type { MessageView } from '@grandchat/client'
import type { Seeded } from '../client/testing/seeded.ts'
import { arrange, schedule } from './keeping.ts'
import type { Person } from './person.ts'

/** What people do, and how often out of a hundred. */
const habits = [
  [28, 'write'],
  [12, 'read'],
  [7, 'look'],
  [5, 'scroll'],
  [8, 'move'],
  [6, 'edit'],
  [2, 'remove'],
  [6, 'react'],
  [3, 'pin'],
  [4, 'reply'],
  [3, 'keep'],
  [4, 'call'],
  [6, 'schedule'],
  [6, 'arrange'],
] as const
type Habit = (typeof habits)[number][1]

/** People do something about what was just said: so that they meet. */
const recent = 12

export type LoadOptions = {
  seeded: Seeded
  /** Who is there at the moment. */
  people: () => readonly Person[]
  perSecond: number
  /** Rooms that may be joined and left. */
  openRooms: readonly number[]
  /** Whom a message may mention. */
  names: readonly string[]
}
/** And what this person will do in so many milliseconds, unless they are gone by then. */
export type Doing = LoadOptions & { afterwards: (ms: number, act: () => void) => void }

/** People who do things at times of their own, whether or not the server keeps up (open loop). The seed decides what. */
export class Load {
  done = 0
  #options: LoadOptions
  #isStopped = false
  #finished: Promise<void>
  #plans: { atMs: number; person: Person; act: () => void }[] = []

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
    const afterwards = (ms: number, act: () => void) =>
      void this.#plans.push({ atMs: performance.now() + ms, person, act })
    acts[habit](person, { ...this.#options, afterwards })
    this.#doPlanned()
  }

  #doPlanned(): void {
    const now = performance.now()
    const due = this.#plans.filter(({ atMs }) => atMs <= now)
    this.#plans = this.#plans.filter(({ atMs }) => atMs > now)
    for (const { person, act } of due) if (this.#options.people().includes(person)) act()
  }
}

const acts: Record<Habit, (person: Person, options: Doing) => void> = {
  write(person, { seeded }) {
    if (person.rooms.length > 0) person.write(seeded.pick(person.rooms))
  },
  read(person, { seeded }) {
    if (person.openRooms.length === 0) return
    const room = person.client.rooms.get(seeded.pick(person.openRooms)).get()
    if (!room) return
    // To the end mostly; or back, "mark as unread".
    if (seeded.chance(0.8)) person.client.readMarkers.mark(room.id, room.last_seq)
    else person.client.readMarkers.markUnread(room.id, seeded.below(room.last_seq + 1))
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
  edit(person, { seeded, names }) {
    const found = pickShown(person, seeded, ({ user }) => user.id === person.account.id)
    if (found) person.edit(found.room, found.message.id, seeded.chance(0.3) ? seeded.pick(names) : undefined)
  },
  remove(person, { seeded }) {
    const found = pickShown(person, seeded, ({ user }) => user.id === person.account.id)
    if (found) person.remove(found.room, found.message.id)
  },
  react(person, { seeded }) {
    const found = pickShown(person, seeded)
    const emoji = seeded.pick(['👍', '🎉', '❤️'])
    if (!found) return
    const { isMine = false } = found.message.reactions.find((row) => row.emoji === emoji) ?? {}
    // What is there already is asked for now and then, too.
    person.react(found.room, found.message.id, emoji, seeded.chance(0.2) ? isMine : !isMine)
  },
  pin(person, { seeded }) {
    const found = pickShown(person, seeded)
    if (found) person.pin(found.room, found.message.id, !found.message.isPinned)
  },
  reply(person, { seeded }) {
    const found = pickShown(person, seeded)
    if (!found) return
    const { id, thread_id } = found.message
    const thread = thread_id === 0 ? id : thread_id
    person.openThread(found.room, thread)
    person.write(found.room, thread)
  },
  keep(person, { seeded }) {
    const found = pickShown(person, seeded)
    if (!found) return
    const { id } = found.message
    if (seeded.chance(0.5)) person.desk.save(found.room, id, !person.client.saved.has(id).get())
    else person.desk.draft(found.room, seeded.chance(0.3) ? '' : `a draft ${seeded.below(1e9)}`)
  },
  call(person, { seeded, names }) {
    if (person.rooms.length === 0) return
    const found = seeded.chance(0.2) ? pickShown(person, seeded) : undefined
    const name = seeded.chance(0.3) ? 'all' : seeded.pick(names)
    if (found?.message.thread_id === 0) person.write(found.room, found.message.id, name)
    else person.write(seeded.pick(person.rooms), undefined, name)
  },
  schedule,
  arrange,
}

/** One of the few messages on screen that were said last. */
export function pickShown(person: Person, seeded: Seeded, isFit: (message: MessageView) => boolean = () => true) {
  if (person.openRooms.length === 0) return undefined
  const room = seeded.pick(person.openRooms)
  const messages = person.shown(room).filter(isFit).slice(-recent)
  return messages.length > 0 ? { room, message: seeded.pick(messages) } : undefined
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
