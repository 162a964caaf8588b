/** Pairs kept; the oldest go first. */
const maxPairs = 50_000

/**
 * Who was lately a member of which room. It decides nothing: it only spares those a question who are let in (and looked
 * at again under the room's lock), while outsiders are asked at the door and never wait in a room's lane.
 */
export class KnownMembers {
  #pairs = new Set<string>()

  has(roomId: number, userId: number): boolean {
    return this.#pairs.has(`${roomId} ${userId}`)
  }

  add(roomId: number, userId: number): void {
    this.#pairs.add(`${roomId} ${userId}`)
    if (this.#pairs.size > maxPairs) this.#pairs.delete(this.#pairs.values().next().value!)
  }

  delete(roomId: number, userId: number): void {
    this.#pairs.delete(`${roomId} ${userId}`)
  }
}
