import type { Seeded } from '../client/testing/seeded.ts'
import { type Doing, type LoadOptions, pickShown } from './load.ts'
import type { Person } from './person.ts'

/** Up to when something is sent: long enough for a backend to be killed before, meanwhile and after. */
const latestMs = 3_000

/** So near to its time something is taken back or changed that nobody knows which comes first. */
const nearMs = 100

/** Writes something for later, or changes or takes back what waits; or leaves the room that it is meant for. */
export function schedule(person: Person, { seeded, openRooms, afterwards }: Doing): void {
  const { desk, rooms } = person
  const waiting = desk.scheduled
  if (waiting.length > 0 && seeded.chance(0.5)) {
    thinkBetter(person, seeded.pick(waiting).id, seeded)
    return
  }
  if (rooms.length === 0 || !person.isSignedIn) return
  const [open] = openRooms.filter((id) => rooms.includes(id))
  if (open !== undefined && seeded.chance(0.15)) {
    desk.schedule(open, person.marked(open), 200 + seeded.below(latestMs))
    // Refused, or nobody knows: the history has it.
    person.client.rooms.leave(open).catch(() => {})
    return
  }
  const found = seeded.chance(0.3) ? pickShown(person, seeded, (message) => message.thread_id === 0) : undefined
  const room = found?.room ?? seeded.pick(rooms)
  const afterMs = seeded.below(latestMs)
  const key = desk.schedule(room, person.marked(room), afterMs, found?.message.id)
  if (seeded.chance(0.5))
    afterwards(afterMs + seeded.below(2 * nearMs) - nearMs, () => thinkBetter(person, key, seeded))
}

function thinkBetter(person: Person, key: string, seeded: Seeded): void {
  const message = person.desk.scheduled.find(({ id }) => id === key)
  if (!message || !person.isSignedIn) return
  if (seeded.chance(0.6)) person.desk.unschedule(message)
  else person.desk.reschedule(message, person.marked(message.room_id))
}

/** Puts the list of rooms in order, says what to hear of them, and how things should be on all devices. */
export function arrange(person: Person, { seeded }: LoadOptions): void {
  const { desk, rooms } = person
  if (!person.isSignedIn) return
  if (seeded.chance(0.4)) return choose(person, seeded)
  if (rooms.length > 0 && seeded.chance(0.7)) {
    const room = seeded.pick(rooms)
    if (seeded.chance(0.5)) desk.setLevel(room, seeded.pick(['all', 'mentions', 'nothing']))
    else desk.place(room, seeded.pick([...desk.sections, 'favourites', null]))
    return
  }
  const name = `section ${seeded.below(1e6)}`
  if (desk.sections.length === 0 || seeded.chance(0.3)) desk.addSection(name)
  else if (seeded.chance(0.6)) desk.renameSection(seeded.pick(desk.sections), name)
  else desk.removeSection(seeded.pick(desk.sections))
}

function choose({ desk }: Person, seeded: Seeded): void {
  if (seeded.chance(0.4)) desk.set('read_receipts', seeded.chance(0.7) ? 'off' : 'on')
  else if (seeded.chance(0.5)) desk.set('theme', seeded.pick(['light', 'dark', 'system']))
  else desk.set('collapsed', [`section-${seeded.below(1e6)}`])
}
