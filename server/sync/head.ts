import { sql } from 'kysely'
import type { Head } from '@grandchat/contracts/sync/schema'
import type { Database } from '../database/database.ts'

/** Once a minute, spread so that clients do not come together. */
export function nextHeadSeconds(): number {
  return 50 + Math.floor(Math.random() * 20)
}

type HeadRow = { user_version: number; workspace_version: number; rooms: [number, number][] | null }

/** The caller's heads, or undefined if they are the ones that the digest describes. */
export async function readHead(
  db: Database,
  epoch: string,
  userId: number,
  digest: string | undefined,
): Promise<Head | undefined> {
  const { rows } = await sql<HeadRow>`
    select u.version as user_version, w.version as workspace_version, (
      select json_agg(json_build_array(r.id, r.version))
      from memberships m join rooms r on r.id = m.room_id
      where m.user_id = u.id and m.left_at is null
    ) as rooms
    from users u, workspace w where u.id = ${userId}`.execute(db)
  const { user_version, workspace_version, rooms } = rows[0]!
  const heads = rooms ?? []
  if (digest === digestOf(epoch, workspace_version, user_version, heads)) return undefined
  return { epoch, workspace_version, user_version, rooms: heads, next_s: nextHeadSeconds() }
}

/** Equal user version means an equal set of rooms, and versions only rise: so an equal sum means that nothing is missing. */
function digestOf(epoch: string, workspaceVersion: number, userVersion: number, heads: [number, number][]): string {
  const sum = heads.reduce((total, [, version]) => total + version, 0)
  return `${epoch}.${workspaceVersion}.${userVersion}.${sum}`
}
