import type { ColumnType, Generated } from 'kysely'
import type { Forwarded, SystemLine } from '@grandchat/contracts/messages/schema'

/** RFC 3339 text, straight from PostgreSQL (database.ts); written by SQL expressions only. */
type Time = ColumnType<string, string | undefined, string>
type NullableTime = ColumnType<string | null, string | null | undefined, string | null>
/** Read as what it holds, written as text. */
type NullableJson<Value> = ColumnType<Value | null, string | null | undefined, string | null>
type JsonText = ColumnType<unknown, string, string>

export type Tables = {
  workspace: { only_row: Generated<boolean>; instance_id: Generated<string>; version: Generated<number> }
  users: {
    id: Generated<number>
    username: string
    username_folded: string
    display_name: string | null
    email: string | null
    password_hash: string | null
    role: 'owner' | 'member'
    version: Generated<number>
    workspace_version: Generated<number>
    own_rows_floor: Generated<number>
    created_at: Time
    disabled_at: NullableTime
    title: Generated<string>
    pronouns: Generated<string>
    time_zone: string | null
    status_emoji: Generated<string>
    status_text: Generated<string>
    status_until: NullableTime
    avatar: string | null
  }
  avatars: {
    user_id: number
    version: string
    media_type: 'image/png' | 'image/jpeg' | 'image/webp'
    bytes: Buffer
  }
  sessions: {
    id: Generated<number>
    secret_hash: Buffer
    user_id: number
    device: string | null
    created_at: Time
    last_seen_at: Time
  }
  invites: {
    id: Generated<number>
    code_hash: Buffer
    created_by: number
    created_at: Time
    expires_at: Time
    used_by: number | null
    used_at: NullableTime
  }
  rooms: {
    id: Generated<number>
    kind: 'public' | 'private' | 'direct'
    name: string
    topic: Generated<string>
    posting: Generated<'all' | 'admins'>
    /** The ids of a direct room's people, ascending, with commas; null in every other room. */
    direct_key: string | null
    version: Generated<number>
    last_seq: Generated<number>
    members_version: Generated<number>
    member_count: Generated<number>
    last_message_id: number | null
    bumped_at: Time
    delivery: Generated<'personal' | 'room'>
    changes_floor: Generated<number>
    created_at: Time
    archived_at: NullableTime
  }
  memberships: {
    room_id: number
    user_id: number
    role: 'owner' | 'admin' | 'member'
    joined_at: Time
    left_at: NullableTime
    version: number
    own_version: number
    read_seq: Generated<number>
    read_at_version: Generated<number>
    level: Generated<'all' | 'mentions' | 'nothing'>
    muted: Generated<boolean>
    delivered_seq: Generated<number>
    seen_seq: Generated<number>
    furthest_seq: Generated<number>
  }
  messages: {
    id: Generated<number>
    room_id: number
    thread_id: Generated<number>
    seq: number | null
    version: number
    user_id: number
    kind: Generated<'user' | 'system'>
    content: string
    system: NullableJson<SystemLine>
    forwarded: NullableJson<Forwarded>
    client_message_id: string | null
    reply_to: number | null
    edited_at: NullableTime
    deleted_at: NullableTime
    created_at: Time
  }
  own_rows: {
    user_id: number
    kind: string
    key: string
    value: NullableJson<unknown>
    own_version: number
    due_at: NullableTime
  }
  message_edits: { id: Generated<number>; message_id: number; content: string; created_at: Time }
  reactions: { id: Generated<number>; message_id: number; emoji: string; user_id: number; created_at: Time }
  reaction_rows: { message_id: number; emoji: string; room_id: number; version: number; count: number }
  mentions: {
    message_id: number
    room_id: number
    thread_id: number
    seq: number
    /** Null: every member. */
    user_id: number | null
    author_id: number
  }
  pins: {
    message_id: number
    room_id: number
    user_id: number
    pinned_at: Time
    unpinned_at: NullableTime
    version: number
  }
  search_rooms: { room_id: number; version: number; packed_at: Time }
  search_signatures: {
    room_id: number
    first_id: number
    last_id: number
    first_at: Time
    last_at: Time
    bits: string
  }
  search_packs: {
    room_id: number
    first_id: number
    last_id: number
    first_at: Time
    last_at: Time
    message_ids: number[]
    text: string
  }
  threads: {
    id: number
    room_id: number
    version: number
    last_seq: number
    message_count: number
    last_message_at: Time
    user_ids: number[]
  }
  revocations: {
    id: Generated<number>
    user_id: number
    channel: string | null
    created_at: Time
    expires_at: Time
    due_at: NullableTime
    is_repeat: Generated<boolean>
    failures: Generated<number>
  }
  chat_outbox: {
    id: Generated<number>
    method: string
    payload: JsonText
    partition: Generated<number>
    created_at: Time
    room_id: number | null
  }
  chat_outbox_quarantine: {
    id: number
    method: string
    payload: JsonText
    partition: number
    created_at: Time
    quarantined_at: Time
    reason: string
  }
  chat_cdc: {
    id: Generated<number>
    method: string
    payload: JsonText
    partition: Generated<number>
    created_at: Time
  }
}
