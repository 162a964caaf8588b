import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { OpenTransaction } from '../database/database.ts'
import { AppError, notFound } from '../errors.ts'
import { type LockedRoom, roomArchived } from '../rooms/access.ts'
import { bumpRoom, nextVersion, type Outcome, unchanged } from '../rooms/change-room.ts'
import { readReactions } from './present.ts'

/** `isOn`: to react, or to take it back. */
export type Reaction = { userId: number; messageId: number; emoji: string; isOn: boolean }

type Status = 'changed' | 'unchanged' | 'no_member' | 'room_archived' | 'no_such_message' | 'too_many'

/** Rows that one message may ever have: those of emoji that nobody holds any more stay, to say so. */
const maxRowsOfMessage = 5 * limits.reactionsPerMessage

/** Sets a batch in one change of the room (migration 0004 says how); an answer or a refusal for each, in order. */
export async function setReactions(
  tx: OpenTransaction,
  room: LockedRoom,
  batch: readonly Reaction[],
): Promise<Outcome<(RowsChanged | AppError)[]>> {
  const statuses = await apply(tx, room, batch)
  const isConcerned = (row: ReactionRow) =>
    batch.some(({ messageId, emoji }) => row.message_id === messageId && row.emoji === emoji)
  const ids = [...new Set(batch.map(({ messageId }) => messageId))]
  const reactions = (await readReactions(tx, room.id, ids)).filter(isConcerned)
  const changed = reactions.filter(({ version }) => version === nextVersion(room))
  const done = changed.length > 0 ? await bumpRoom(tx, room, { reactions: changed }) : await unchanged(tx, room, {})
  const answers = batch.map(({ messageId, emoji }, i) => {
    const refusal = refusals[statuses[i]!]
    if (refusal) return refusal()
    const own = reactions.filter((row) => row.message_id === messageId && row.emoji === emoji)
    return { room: done.result.room, reactions: own }
  })
  return { ...done, result: answers }
}

async function apply(tx: OpenTransaction, room: LockedRoom, batch: readonly Reaction[]): Promise<Status[]> {
  const users = batch.map(({ userId }) => userId)
  const messages = batch.map(({ messageId }) => messageId)
  const emoji = batch.map((reaction) => reaction.emoji)
  const on = batch.map(({ isOn }) => isOn)
  const { rows } = await sql<{ status: Status }>`
    select status from set_reactions(
      ${room.id}, ${nextVersion(room)}, ${room.archived_at !== null}, ${users}::bigint[], ${messages}::bigint[],
      ${emoji}::text[], ${on}::boolean[], ${limits.reactionsPerMessage}, ${maxRowsOfMessage}
    )`.execute(tx)
  return rows.map(({ status }) => status)
}

const refusals: Record<Status, (() => AppError) | undefined> = {
  changed: undefined,
  unchanged: undefined,
  no_member: notFound,
  room_archived: roomArchived,
  no_such_message: notFound,
  too_many: () => new AppError(409, 'too_many_reactions', 'this message has too many different reactions'),
}
