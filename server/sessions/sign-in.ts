import { foldUsername } from '@grandchat/contracts/users/username'
import type { SignedIn } from '@grandchat/contracts/sessions/schema'
import type { Database } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { checkPassword } from './password.ts'
import type { SignInThrottle } from './throttle.ts'

type Credentials = { username: string; password: string }

/** The one answer to every wrong pair. */
export const invalidCredentials = () => new AppError(400, 'invalid_credentials', 'invalid credentials')

/** The account that these credentials open, with the proof that they did. */
export async function signIn(db: Database, throttle: SignInThrottle, credentials: Credentials, address: string) {
  const { username, password } = credentials
  const giveBack = await throttle.take('sign-in', username, address)
  const user = await db
    .selectFrom('users')
    .select(['id', 'username', 'password_hash'])
    .where('username_folded', '=', foldUsername(storable(username)))
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  const matches = await checkPassword(user?.password_hash ?? null, password)
  if (!user || !matches) throw invalidCredentials()
  await giveBack()
  return { id: user.id, username: user.username, passwordHash: user.password_hash }
}

/**
 * What PostgreSQL takes as text. NUL becomes a character that no username has: left out, it would give one account as
 * many spellings, each with guesses of its own.
 */
function storable(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed()
}

export function presentSignedIn(user: { id: number; username: string }): SignedIn {
  return {
    id: user.id,
    username: user.username,
    settings: { push_notifications: { enabled: false, vapid_public_key: '', firebase_config: {} } },
  }
}
