import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { OpenTransaction } from '../database/database.ts'
import type { LockedRoom } from '../rooms/access.ts'
import { nextVersion } from '../rooms/change-room.ts'

/** Takes all reactions off a message; returns their rows, which say so. */
export async function removeReactions(
  tx: OpenTransaction,
  room: LockedRoom,
  messageId: number,
): Promise<ReactionRow[]> {
  await tx.deleteFrom('reactions').where('message_id', '=', messageId).execute()
  const rows = await tx
    .updateTable('reaction_rows')
    .set({ count: 0, version: nextVersion(room) })
    .where('message_id', '=', messageId)
    .where('count', '>', 0)
    .returning(['message_id', 'emoji', 'count', 'version'])
    .execute()
  return rows.map((row) => ({ ...row, user_ids: [] }))
}
