import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { InviteState, User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { hashSecret } from '../sessions/session.ts'
import { createUser, type NewAccount } from '../users/create.ts'

const lifeDays = 7

/** One answer for a link that never was, has expired, or was used: it says nothing about which. */
const inviteInvalid = () =>
  new AppError(404, 'invite_invalid', 'this invite link is not valid (any more), ask for a new one')

/** A link for one person. Only the code's hash is stored, so the link can be shown once. */
export async function createInvite(db: Database, createdBy: number): Promise<{ code: string; expires_at: string }> {
  const code = randomBytes(18).toString('base64url')
  const { expires_at } = await db
    .insertInto('invites')
    .values({
      code_hash: hashSecret(code),
      created_by: createdBy,
      expires_at: sql`clock_timestamp() + make_interval(days => ${lifeDays})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow()
  return { code, expires_at }
}

export async function getInvite(db: Database, code: string): Promise<InviteState> {
  const { rows } = await sql<{
    id: number
    username: string
    display_name: string | null
    avatar: string | null
    expires_at: string
  }>`
    select u.id, u.username, u.display_name, u.avatar, i.expires_at
    from invites i join users u on u.id = i.created_by
    where i.code_hash = ${hashSecret(code)} and i.used_at is null
      and i.expires_at > clock_timestamp() and u.disabled_at is null`.execute(db)
  const [row] = rows
  if (!row) throw inviteInvalid()
  const { expires_at, ...invited_by } = row
  return { invited_by, expires_at }
}

/** Uses the invite up and makes the account, both or neither. */
export function acceptInvite(db: Database, code: string, account: Omit<NewAccount, 'role'>): Promise<User> {
  return db.transaction().execute(async (tx) => {
    const taken = await sql<{ id: number }>`
      update invites i set used_at = clock_timestamp()
      from users u
      where u.id = i.created_by and u.disabled_at is null and i.code_hash = ${hashSecret(code)}
        and i.used_at is null and i.expires_at > clock_timestamp()
      returning i.id`.execute(tx)
    const invite = taken.rows[0]
    if (!invite) throw inviteInvalid()
    const user = await createUser(tx, { ...account, role: 'member' })
    await tx.updateTable('invites').set({ used_by: user.id }).where('id', '=', invite.id).execute()
    return user
  })
}
