import type { Reactions } from '@grandchat/contracts/reactions/schema'
import type { Database } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { accessMessage } from '../messages/access.ts'
import { accessRoom } from '../rooms/access.ts'
import { presentUser } from '../users/present.ts'
import { readReactions } from './present.ts'

/** Who reacted to a message with what. */
export function listReactions(db: Database, userId: number, roomId: number, messageId: number): Promise<Reactions> {
  return inSnapshot(db, async (tx) => {
    await accessRoom(tx, userId, roomId)
    await accessMessage(tx, roomId, messageId)
    const rows = (await readReactions(tx, roomId, [messageId])).filter(({ count }) => count > 0)
    const ids = [...new Set(rows.flatMap(({ user_ids }) => user_ids))]
    if (ids.length === 0) return { results: [] }
    const people = await tx
      .selectFrom('users')
      .select(['id', 'username', 'display_name', 'avatar'])
      .where('id', 'in', ids)
      .execute()
    const byId = new Map(people.map((person) => [person.id, presentUser(person)]))
    return { results: rows.map(({ emoji, user_ids }) => ({ emoji, users: user_ids.map((id) => byId.get(id)!) })) }
  })
}
