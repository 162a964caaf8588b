import { sql } from 'kysely'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { createUser, type NewAccount } from '../users/create.ts'

export async function hasUsers(db: Database): Promise<boolean> {
  const row = await db.selectFrom('users').select('id').limit(1).executeTakeFirst()
  return row !== undefined
}

export const alreadySetUp = () => new AppError(409, 'already_set_up', 'this installation has an owner already')

/** The first account. Of several at once one wins: the workspace's row is the lock. */
export function setUp(db: Database, account: Omit<NewAccount, 'role'>): Promise<User> {
  return db.transaction().execute(async (tx) => {
    await sql`select 1 from workspace for update`.execute(tx)
    if (await hasUsers(tx)) throw alreadySetUp()
    return createUser(tx, { ...account, role: 'owner' })
  })
}
