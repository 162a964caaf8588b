import type { ModelServer } from './model-server.ts'
import { react, setPin } from './model-messages.ts'
import type { Seeded } from './seeded.ts'

export const viewer = 1
export const emoji = ['👍', '🎉']

/** Three people, and two rooms of one of them. */
export function populate(model: ModelServer, { below, chance }: Seeded): number[] {
  for (const name of ['ann', 'bob', 'cleo']) model.addUser(name)
  model.hasLines = true
  const ids = ['one', 'two'].map((name) => model.addRoom(name, 2).id)
  for (const id of ids) {
    if (chance(0.8)) model.join(viewer, id)
    for (let n = below(6); n > 0; n--) model.send(2, id, say('old', n))
  }
  return ids
}

/** Some of it mentions the viewer, or everybody. */
export function say(what: string, n: number): string {
  return `${what} ${n}${n % 3 === 0 ? ' @ann' : ''}${n % 7 === 0 ? ' @all' : ''}`
}

/** By others, or by the viewer's other devices. */
export function change(model: ModelServer, seeded: Seeded, roomIds: readonly number[]) {
  const { below, chance, pick } = seeded
  const roomId = pick(roomIds)
  const { messages } = model.rooms.get(roomId)!
  const who = 1 + below(3)
  const kind = below(15)
  const isMember = model.isMember(who, roomId)
  if (kind < 4 && isMember) model.send(who, roomId, say('new', below(1_000)))
  else if (kind < 7 && messages.size > 0)
    model.change(roomId, pick([...messages.keys()]), chance(0.6) ? 'edit' : 'remove')
  else if (kind < 9 && model.isMember(viewer, roomId)) moveMarker(model, below, roomId)
  else if (kind === 9) model.rename(who, `name ${below(1_000)}`)
  else if (kind === 11 && chance(0.7)) moveOwnRow(model, { below, chance })
  else if (kind === 11) model.purgeOwnRows(viewer)
  else if (kind === 10 && isMember) model.leave(who, roomId)
  else if (kind === 10) model.join(who, roomId)
  else if (kind > 11) touchMessage(model, seeded, roomId, who)
}

/** Somebody reacts to a message, or pins it. */
export function touchMessage(model: ModelServer, { chance, pick }: Seeded, roomId: number, userId: number) {
  const there = [...model.rooms.get(roomId)!.messages.values()].filter((row) => row.deleted_at === null)
  if (there.length === 0 || !model.isMember(userId, roomId)) return
  // Most often to one of the last, as others do.
  const { id: messageId } = pick(chance(0.4) ? there.slice(-2) : there)
  const what = { userId, roomId, messageId, isOn: chance(0.6) }
  if (chance(0.7)) react(model, { ...what, emoji: pick(emoji) })
  else setPin(model, what)
}

/** On another device: no event of the room tells of it. */
export function moveMarker(model: ModelServer, below: Seeded['below'], roomId: number) {
  model.moveMarker(viewer, roomId, below(model.rooms.get(roomId)!.room.last_seq + 1))
}

/** On another device: a room is put somewhere else in the list, or taken away from there. */
export function moveOwnRow(model: ModelServer, { below, chance }: Pick<Seeded, 'below' | 'chance'>) {
  const value = chance(0.7) ? { section: 'favourites', position: below(1_000) } : null
  model.setOwnRow(viewer, 'placement', String(1 + below(4)), value)
}
