import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

type Members = { version: number; userIds: readonly number[] }

/** Member lists kept; the least recently used goes first. */
const maxRooms = 2_000

/**
 * Who hears of a room. Lists are kept per room under the members_version that they were read at; one that is older than
 * the change is read again. A newer list is as good: who left since has no right any more, who joined may see it all.
 */
export class Audience {
  #db: Database
  #rooms = new Map<number, Members>()

  constructor(db: Database) {
    this.#db = db
  }

  async membersOf(roomId: number, membersVersion: number): Promise<readonly number[]> {
    const kept = this.#rooms.get(roomId)
    const members = kept && kept.version >= membersVersion ? kept : await this.#read(roomId)
    this.#rooms.delete(roomId)
    this.#rooms.set(roomId, members)
    if (this.#rooms.size > maxRooms) this.#rooms.delete(this.#rooms.keys().next().value!)
    return members.userIds
  }

  /** List and version from one snapshot: read apart, an old list could stand under a new version. */
  async #read(roomId: number): Promise<Members> {
    const { rows } = await sql<{ version: number; user_ids: number[] | null }>`
      select r.members_version as version,
        (select json_agg(user_id) from memberships where room_id = r.id and left_at is null) as user_ids
      from rooms r where r.id = ${roomId}`.execute(this.#db)
    const [row] = rows
    return { version: row?.version ?? 0, userIds: row?.user_ids ?? [] }
  }
}
