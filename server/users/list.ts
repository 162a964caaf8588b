import { sql } from 'kysely'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'
import type { PageRange } from '../http/paging.ts'

/**
 * Everybody with an account, by name; with `query` those whose names, or what they do, hold it, and first those whose names
 * begin with it.
 */
export async function listUsers(
  db: Database,
  query: string,
  { limit, offset }: PageRange,
): Promise<{ count: number; users: User[] }> {
  const text = query
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')
  const holds = (pattern: string) =>
    sql<boolean>`(username_folded like ${pattern} or lower(coalesce(display_name, '')) like ${pattern})`
  const { rows } = await sql<User & { count: number }>`
    select id, username, display_name, avatar, count(*) over () as count
    from users
    where disabled_at is null and (${holds(`%${text}%`)} or lower(title) like ${`%${text}%`})
    order by ${holds(`${text}%`)} desc, lower(coalesce(display_name, username)), id
    limit ${limit} offset ${offset}`.execute(db)
  return { count: rows[0]?.count ?? 0, users: rows.map(({ count: _count, ...user }) => user) }
}
