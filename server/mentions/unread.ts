import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'

/**
 * Of each row of `memberships` the unread mentions, as contracts/mentions has them. Counted now, from where the reader is:
 * two looks into an index, however long they were away.
 */
export const unreadMentions = sql<number[]>`(
  select coalesce(json_agg(unread.seq order by unread.seq), '[]')
  from (
    select seq from (
      (select mention.seq from mentions mention
        where mention.user_id = memberships.user_id and mention.room_id = memberships.room_id
          and mention.thread_id = 0 and mention.seq > memberships.read_seq
        order by mention.seq desc limit ${sql.lit(limits.unreadMentions)})
      union
      (select mention.seq from mentions mention
        where mention.user_id is null and mention.room_id = memberships.room_id
          and mention.thread_id = 0 and mention.seq > memberships.read_seq
          and mention.author_id <> memberships.user_id
        order by mention.seq desc limit ${sql.lit(limits.unreadMentions)})
    ) as either order by seq desc limit ${sql.lit(limits.unreadMentions)}
  ) as unread
  where memberships.left_at is null
)`
