import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import { isEmoji } from '@grandchat/contracts/reactions/emoji'
import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OpenTransaction } from '../database/database.ts'
import { AppError, invalidInput } from '../errors.ts'
import { accessMessage } from '../messages/access.ts'
import { bumpRoom, changeAsMember, nextVersion, type RoomChanger, unchanged } from '../rooms/change-room.ts'
import { selectReactionRows } from './present.ts'

type Reaction = { userId: number; roomId: number; messageId: number; emoji: string }

/** Rows that one message may ever have: those of emoji that nobody holds any more stay, to say so. */
const maxRowsOfMessage = 5 * limits.reactionsPerMessage

/** Reacts to a message; who did so already changes nothing. */
export function react(changer: RoomChanger, reaction: Reaction): Promise<RowsChanged> {
  return change(changer, reaction, addReaction, 1)
}

/** Takes an own reaction back; who never reacted changes nothing. */
export function unreact(changer: RoomChanger, reaction: Reaction): Promise<RowsChanged> {
  return change(changer, reaction, removeReaction, -1)
}

async function change(
  changer: RoomChanger,
  reaction: Reaction,
  apply: (tx: OpenTransaction, reaction: Reaction) => Promise<boolean>,
  by: 1 | -1,
): Promise<RowsChanged> {
  const { userId, roomId, messageId, emoji } = reaction
  if (!isEmoji(emoji)) throw invalidInput({ emoji: 'is not one emoji' })
  return changeAsMember(changer, userId, roomId, async (tx, room) => {
    await accessMessage(tx, roomId, messageId)
    if (!(await apply(tx, reaction))) return unchanged(tx, room, { reactions: await readRow(tx, reaction) })
    await tx
      .insertInto('reaction_rows')
      .values({ message_id: messageId, emoji, room_id: roomId, version: nextVersion(room), count: 1 })
      .onConflict((row) =>
        row
          .columns(['message_id', 'emoji'])
          .doUpdateSet({ version: nextVersion(room), count: sql<number>`reaction_rows.count + ${by}` }),
      )
      .execute()
    return bumpRoom(tx, room, { reactions: await readRow(tx, reaction) })
  })
}

/** False if it is there already. */
async function addReaction(tx: OpenTransaction, { userId, messageId, emoji }: Reaction): Promise<boolean> {
  const added = await tx
    .insertInto('reactions')
    .values({ message_id: messageId, emoji, user_id: userId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!added) return false
  await assertHasPlace(tx, messageId, emoji)
  return true
}

/** False if there is none. */
async function removeReaction(tx: OpenTransaction, { userId, messageId, emoji }: Reaction): Promise<boolean> {
  const removed = await tx
    .deleteFrom('reactions')
    .where('message_id', '=', messageId)
    .where('emoji', '=', emoji)
    .where('user_id', '=', userId)
    .returning('id')
    .executeTakeFirst()
  return removed !== undefined
}

/** An emoji that the message has already may always be joined. */
async function assertHasPlace(tx: OpenTransaction, messageId: number, emoji: string): Promise<void> {
  const rows = await tx
    .selectFrom('reaction_rows')
    .select(['emoji', 'count'])
    .where('message_id', '=', messageId)
    .execute()
  const held = rows.filter(({ count }) => count > 0)
  if (held.some((row) => row.emoji === emoji)) return
  const isKnown = rows.some((row) => row.emoji === emoji)
  if (held.length < limits.reactionsPerMessage && (isKnown || rows.length < maxRowsOfMessage)) return
  throw new AppError(409, 'too_many_reactions', 'this message has too many different reactions')
}

function readRow(tx: OpenTransaction, { roomId, messageId, emoji }: Reaction): Promise<ReactionRow[]> {
  return selectReactionRows(tx, roomId).where('row.message_id', '=', messageId).where('row.emoji', '=', emoji).execute()
}
