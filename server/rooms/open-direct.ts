import { sql } from 'kysely'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { notFound } from '../errors.ts'
import type { UserLimits } from '../http/user-limits.ts'
import { announceMember } from '../memberships/join.ts'
import type { Announcer } from '../realtime/announcer.ts'
import { accessRoom, lockRoom } from './access.ts'
import { changesOf } from './change-room.ts'
import { presentOwnRoom } from './list.ts'

/** The one direct room of these people and nobody else: as it is, or new. */
export async function openDirect(
  { db, announcer, userLimits }: { db: Database; announcer: Announcer; userLimits: Pick<UserLimits, 'take'> },
  user: User,
  others: readonly number[],
): Promise<{ room: OwnRoom; isNew: boolean }> {
  const ids = [...new Set([user.id, ...others])].sort((a, b) => a - b)
  const key = ids.join(',')
  const known = await findDirect(db, key)
  if (known) return { room: presentOwnRoom(await accessRoom(db, user.id, known.id)), isNew: false }
  await userLimits.take('rooms', user.id)
  return announcer.within(db, async (tx, announce) => {
    await assertExist(tx, ids)
    const made = await tx
      .insertInto('rooms')
      .values({ kind: 'direct', name: '', direct_key: key, last_message_id: null })
      // Of those who try at once, the others wait here for the first one's commit and then find its room.
      .onConflict((conflict) => conflict.column('direct_key').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (made) await announce(changesOf(await addEverybody(tx, made.id, user, ids)))
    const { id } = made ?? (await findDirect(tx, key))!
    return { room: presentOwnRoom(await accessRoom(tx, user.id, id)), isNew: made !== undefined }
  })
}

function findDirect(db: Database, key: string) {
  return db.selectFrom('rooms').select('id').where('direct_key', '=', key).executeTakeFirst()
}

async function assertExist(tx: OpenTransaction, ids: readonly number[]): Promise<void> {
  const found = await tx
    .selectFrom('users')
    .select('id')
    .where('id', 'in', ids)
    .where('disabled_at', 'is', null)
    .execute()
  if (found.length < ids.length) throw notFound()
}

/** All in the one change that is the room's first: nobody is in it before the others. Nobody has a duty in it. */
async function addEverybody(tx: OpenTransaction, roomId: number, user: User, ids: readonly number[]) {
  const room = await lockRoom(tx, roomId)
  await sql`
    insert into memberships (room_id, user_id, role, joined_at, version, own_version)
    select ${roomId}, id, 'member', clock_timestamp(), 1, 0 from unnest(${ids}::bigint[]) id`.execute(tx)
  return announceMember(tx, room, { type: 'user_joined', user, by: ids.length, ownersOfRows: ids, line: null }, 0)
}
