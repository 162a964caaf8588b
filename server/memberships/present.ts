import { sql, type Selectable } from 'kysely'
import type { Member, OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { Database } from '../database/database.ts'
import { unreadMentions } from '../mentions/unread.ts'
import type { Tables } from '../database/schema.ts'

type MemberRow = Pick<
  Selectable<Tables['memberships']>,
  'role' | 'joined_at' | 'left_at' | 'delivered_seq' | 'seen_seq' | 'version'
> & {
  user_id: number
  username: string
  display_name: string | null
  avatar: string | null
}

/** Membership rows of a room as its members see them, tombstones included. */
export function selectMembers(db: Database, roomId: number) {
  return db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .where('memberships.room_id', '=', roomId)
    .select([
      'memberships.user_id',
      'memberships.role',
      'memberships.joined_at',
      'memberships.left_at',
      'memberships.delivered_seq',
      'memberships.seen_seq',
      'memberships.version',
      'users.username',
      'users.display_name',
      'users.avatar',
    ])
}

export function presentMember(row: MemberRow): Member {
  return {
    user: { id: row.user_id, username: row.username, display_name: row.display_name, avatar: row.avatar },
    role: row.role,
    joined_at: row.joined_at,
    left_at: row.left_at,
    delivered_seq: row.delivered_seq,
    seen_seq: row.seen_seq,
    version: row.version,
  }
}

/** One of them. */
export async function readMember(db: Database, roomId: number, userId: number): Promise<Member> {
  return presentMember(
    await selectMembers(db, roomId).where('memberships.user_id', '=', userId).executeTakeFirstOrThrow(),
  )
}

/** Who left is told of nothing that came after. */
const mentionsVersion = sql<number>`
  case when memberships.left_at is null
    then (select rooms.version from rooms where rooms.id = memberships.room_id) else memberships.version
  end`

export const ownMembershipColumns = [
  'room_id',
  'role',
  'left_at',
  'read_seq',
  'read_at_version',
  'level',
  'muted',
  'own_version',
  unreadMentions.as('unread_mentions'),
  mentionsVersion.as('mentions_version'),
] as const

/** The user's own side of a membership, as `own_changed` and sync answers carry it. */
export async function readOwnMembership(db: Database, roomId: number, userId: number): Promise<OwnMembership> {
  return db
    .selectFrom('memberships')
    .select(ownMembershipColumns)
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
}
