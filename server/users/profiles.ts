import { sql, type Selectable } from 'kysely'
import type { Profile, Profiles } from '@grandchat/contracts/users/profile'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/schema.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { notFound } from '../errors.ts'
import { presentUser } from './present.ts'

type ProfileColumn =
  | 'id'
  | 'username'
  | 'display_name'
  | 'avatar'
  | 'title'
  | 'pronouns'
  | 'time_zone'
  | 'status_emoji'
  | 'status_text'
  | 'status_until'
type ProfileRow = Pick<Selectable<Tables['users']>, ProfileColumn> & { is_over: boolean | null }

/** People with what they say about themselves; narrow it with `where`. */
export function selectProfiles(db: Database) {
  return db
    .selectFrom('users')
    .select([
      'id',
      'username',
      'display_name',
      'avatar',
      'title',
      'pronouns',
      'time_zone',
      'status_emoji',
      'status_text',
      'status_until',
      sql<boolean | null>`status_until <= clock_timestamp()`.as('is_over'),
    ])
}

export function presentProfile(row: ProfileRow): Profile {
  const { title, pronouns, time_zone, status_emoji: emoji, status_text: text, status_until: until } = row
  const hasStatus = (emoji !== '' || text !== '') && row.is_over !== true
  return { ...presentUser(row), title, pronouns, time_zone, status: hasStatus ? { emoji, text, until } : null }
}

/** These people, as they are at a version of the workspace; ids of nobody are left out. */
export function readProfiles(db: Database, userIds: readonly number[]): Promise<Profiles> {
  return inSnapshot(db, async (tx) => {
    const { version } = await tx.selectFrom('workspace').select('version').executeTakeFirstOrThrow()
    const rows = await selectProfiles(tx)
      .where('id', 'in', [...userIds])
      .orderBy('id')
      .execute()
    return { workspace_version: version, users: rows.map(presentProfile) }
  })
}

export async function getProfile(db: Database, userId: number): Promise<Profile> {
  const row = await selectProfiles(db).where('id', '=', userId).executeTakeFirst()
  if (!row) throw notFound()
  return presentProfile(row)
}
