import type { User } from '@grandchat/contracts/users/schema'
import { foldUsername } from '@grandchat/contracts/users/username'
import type { Database } from '../database/database.ts'
import { isUniqueViolation } from '../database/failures.ts'
import { AppError } from '../errors.ts'

export type NewAccount = {
  username: string
  passwordHash: string
  email?: string | undefined
  role: 'owner' | 'member'
}

/** Usernames are unique case-folded; the unique index decides, also between two who try at once. */
export async function createUser(db: Database, { username, passwordHash, email, role }: NewAccount): Promise<User> {
  try {
    return await db
      .insertInto('users')
      .values({
        username,
        username_folded: foldUsername(username),
        password_hash: passwordHash,
        email: email ?? null,
        display_name: null,
        time_zone: null,
        avatar: null,
        role,
      })
      .returning(['id', 'username', 'display_name', 'avatar'])
      .executeTakeFirstOrThrow()
  } catch (error) {
    if (!isUniqueViolation(error, 'users_username_folded_key')) throw error
    throw new AppError(409, 'username_taken', 'this username is taken', { fields: { username: 'is taken' } })
  }
}
