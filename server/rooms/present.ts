import { sql, type Selectable } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import type { Room } from '@grandchat/contracts/rooms/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { Database } from '../database/database.ts'
import type { Tables } from '../database/schema.ts'

type RoomColumns = Pick<
  Selectable<Tables['rooms']>,
  | 'id'
  | 'kind'
  | 'name'
  | 'topic'
  | 'posting'
  | 'version'
  | 'bumped_at'
  | 'created_at'
  | 'archived_at'
  | 'delivery'
  | 'member_count'
  | 'last_seq'
>

export type RoomRow = RoomColumns & {
  direct_users: User[] | null
  last_message_id: number | null
  last_content: string | null
  last_created_at: string | null
  last_user_id: number | null
  last_username: string | null
  last_display_name: string | null
  last_avatar: string | null
}

/** The people of a direct room as they are called now. Their set never changes: nobody joins or leaves it. */
export const directUsers = sql<User[] | null>`
  case when rooms.kind = 'direct' then (
    select json_agg(json_build_object('id', u.id, 'username', u.username, 'display_name', u.display_name, 'avatar', u.avatar) order by u.id)
    from memberships m join users u on u.id = m.user_id where m.room_id = rooms.id
  ) end`

/** Rooms with what a summary shows of their last message; narrow it with `where`. */
export function selectRooms(db: Database) {
  return db
    .selectFrom('rooms')
    .leftJoin('messages as last', 'last.id', 'rooms.last_message_id')
    .leftJoin('users as author', 'author.id', 'last.user_id')
    .select([
      'rooms.id',
      'rooms.kind',
      'rooms.name',
      'rooms.topic',
      'rooms.posting',
      directUsers.as('direct_users'),
      'rooms.version',
      'rooms.bumped_at',
      'rooms.created_at',
      'rooms.archived_at',
      'rooms.delivery',
      'rooms.member_count',
      'rooms.last_seq',
      'rooms.last_message_id',
      sql<string | null>`left(last.content, ${limits.messagePreview})`.as('last_content'),
      'last.created_at as last_created_at',
      'author.id as last_user_id',
      'author.username as last_username',
      'author.display_name as last_display_name',
      'author.avatar as last_avatar',
    ])
}

export function presentRoom(row: RoomRow): Room {
  const room = pickRoom(row)
  if (row.last_message_id === null || row.last_user_id === null) return { ...room, last_message: null }
  const user: User = {
    id: row.last_user_id,
    username: row.last_username!,
    display_name: row.last_display_name,
    avatar: row.last_avatar,
  }
  return {
    ...room,
    last_message: { id: row.last_message_id, content: row.last_content!, user, created_at: row.last_created_at! },
  }
}

function pickRoom(row: RoomColumns & Pick<RoomRow, 'direct_users'>): Omit<Room, 'last_message'> {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    topic: row.topic,
    posting: row.posting,
    direct_users: row.direct_users,
    version: row.version,
    bumped_at: row.bumped_at,
    created_at: row.created_at,
    archived_at: row.archived_at,
    delivery: row.delivery,
    member_count: row.member_count,
    last_seq: row.last_seq,
  }
}

/** The first code points of a text, as `last_message.content` shows them. */
export function preview(content: string): string {
  if (content.length <= limits.messagePreview) return content
  return Array.from(content.slice(0, limits.messagePreview * 2))
    .slice(0, limits.messagePreview)
    .join('')
}
