import { sql } from 'kysely'
import type { z } from 'zod'
import type { Profile, ProfileChange, Profiles } from '@grandchat/contracts/users/profile'
import type { OpenTransaction } from '../database/database.ts'
import type { UserLimits } from '../http/user-limits.ts'
import { changeWorkspace, type WorkspaceChanger } from '../workspace/change-workspace.ts'
import { presentProfile, selectProfiles } from './profiles.ts'

type Change = z.output<typeof ProfileChange>

export type UserChanger = WorkspaceChanger & { userLimits: Pick<UserLimits, 'take'> }

/** Changes what somebody says about themselves. What says the same as before leaves no trace. */
export function changeProfile(changer: UserChanger, userId: number, change: Change): Promise<Profiles> {
  return changeUser(changer, userId, (tx) => write(tx, userId, change))
}

/** Runs `write`, which changes a person's row; if everyone sees another person after it, tells them. Not too often. */
export async function changeUser(
  changer: UserChanger,
  userId: number,
  write: (tx: OpenTransaction) => Promise<void>,
): Promise<Profiles> {
  await changer.userLimits.take('profiles', userId)
  return changeWorkspace(changer, async (tx, version) => {
    const before = await readProfile(tx, userId)
    await write(tx)
    const after = await readProfile(tx, userId)
    const isSame = JSON.stringify(before) === JSON.stringify(after)
    if (!isSame) await tx.updateTable('users').set({ workspace_version: version }).where('id', '=', userId).execute()
    return { users: [after], isSame }
  })
}

async function readProfile(tx: OpenTransaction, userId: number): Promise<Profile> {
  return presentProfile(await selectProfiles(tx).where('id', '=', userId).executeTakeFirstOrThrow())
}

async function write(tx: OpenTransaction, userId: number, change: Change): Promise<void> {
  const { display_name, title, pronouns, time_zone, status } = change
  const columns = {
    ...(display_name !== undefined && { display_name: display_name === '' ? null : display_name }),
    ...(title !== undefined && { title }),
    ...(pronouns !== undefined && { pronouns }),
    ...(time_zone !== undefined && { time_zone }),
    ...(status !== undefined && {
      status_emoji: status?.emoji ?? '',
      status_text: status?.text ?? '',
      status_until: sql<string | null>`${status?.until ?? null}::timestamptz`,
    }),
  }
  if (Object.keys(columns).length > 0) await tx.updateTable('users').set(columns).where('id', '=', userId).execute()
}
