import type { Database } from '../database/database.ts'
import { AppError } from '../errors.ts'
import type { Revocations } from '../realtime/revocations.ts'
import { checkPassword, hashPassword } from './password.ts'
import type { SessionUser } from './session.ts'
import type { SignInThrottle } from './throttle.ts'

type Services = { db: Database; revocations: Revocations; signInThrottle: SignInThrottle }

/**
 * Changes the own password and signs out everywhere else. Guesses at the present one count as those at the door do: whoever
 * took over a session has no more of them.
 */
export async function changePassword(
  { db, revocations, signInThrottle }: Services,
  user: SessionUser,
  { current, next }: { current: string; next: string },
  address: string,
): Promise<void> {
  const giveBack = await signInThrottle.take('sign-in', user.username, address)
  const { password_hash } = await db
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', user.id)
    .executeTakeFirstOrThrow()
  if (!(await checkPassword(password_hash, current))) throw wrongPassword()
  await giveBack()
  const hash = await hashPassword(next)
  await revocations.within(db, async (tx, revoke) => {
    const changed = await tx
      .updateTable('users')
      .set({ password_hash: hash })
      .where('id', '=', user.id)
      // Of two who change it at once, the second has shown one that is no longer the present one.
      .where('password_hash', '=', password_hash)
      .returning('id')
      .executeTakeFirst()
    if (!changed) throw wrongPassword()
    await tx.deleteFrom('sessions').where('user_id', '=', user.id).where('id', '!=', user.sessionId).execute()
    await revoke({ userId: user.id, channel: null })
  })
}

const wrongPassword = () =>
  new AppError(400, 'invalid_credentials', 'the current password is wrong', {
    fields: { current: 'is not your password' },
  })
