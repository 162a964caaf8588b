import type { z } from 'zod'
import type { NewRoom, OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'
import { addMember } from '../memberships/join.ts'
import type { Announcer } from '../realtime/announcer.ts'
import { changesOf } from './change-room.ts'
import { accessRoom, lockRoom } from './access.ts'
import { presentOwnRoom } from './list.ts'

/** A new room, at version 1 with its maker as owner and first member. Nobody else knows it yet, so it needs no lane. */
export async function createRoom(
  db: Database,
  announcer: Announcer,
  user: User,
  room: z.output<typeof NewRoom>,
): Promise<OwnRoom> {
  return announcer.within(db, async (tx, announce) => {
    const { id } = await tx
      .insertInto('rooms')
      .values({ ...room, last_message_id: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    await announce(changesOf(await addMember(tx, await lockRoom(tx, id), user, { type: 'created' }, 0)))
    return presentOwnRoom(await accessRoom(tx, user.id, id))
  })
}
