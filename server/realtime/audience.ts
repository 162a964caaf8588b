import { sql } from 'kysely'
import type { Database, OpenTransaction } from '../database/database.ts'

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
    const members = kept && kept.version >= membersVersion ? kept : await readMembers(this.#db, roomId)
    this.#keep(roomId, members)
    return members.userIds
  }

  /**
   * The same inside a transaction that holds the room's lock: it sees its own change of the members, and nobody else may
   * before the commit. After that, `keep` what it read.
   */
  within(tx: OpenTransaction): { membersOf: Audience['membersOf']; keep: () => void } {
    const read = new Map<number, Members>()
    return {
      membersOf: async (roomId, membersVersion) => {
        const kept = read.get(roomId) ?? this.#rooms.get(roomId)
        const members = kept && kept.version >= membersVersion ? kept : await readMembers(tx, roomId)
        read.set(roomId, members)
        return members.userIds
      },
      keep: () => {
        for (const [roomId, members] of read) this.#keep(roomId, members)
      },
    }
  }

  #keep(roomId: number, members: Members): void {
    const kept = this.#rooms.get(roomId)
    this.#rooms.delete(roomId)
    this.#rooms.set(roomId, kept && kept.version > members.version ? kept : members)
    if (this.#rooms.size > maxRooms) this.#rooms.delete(this.#rooms.keys().next().value!)
  }
}

/** List and version from one snapshot: read apart, an old list could stand under a new version. */
async function readMembers(db: Database, roomId: number): Promise<Members> {
  const { rows } = await sql<{ version: number; user_ids: number[] | null }>`
    select r.members_version as version,
      (select json_agg(user_id) from memberships where room_id = r.id and left_at is null) as user_ids
    from rooms r where r.id = ${roomId}`.execute(db)
  const [row] = rows
  return { version: row?.version ?? 0, userIds: row?.user_ids ?? [] }
}
