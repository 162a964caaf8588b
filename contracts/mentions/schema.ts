import { z } from 'zod'
import { limits } from '../limits.ts'
import { Id, Version } from '../primitives.ts'

/**
 * Whom a message mentions, by who was a member when it was written or last edited; `all`: every member but its author.
 * Null where nobody is: most often.
 */
export const Mentions = z.object({ users: z.array(Id), all: z.boolean() }).nullable()
export type Mentions = z.infer<typeof Mentions>

/**
 * Seqs of the messages of a room's own timeline above the read marker that mention the viewer, ascending, deleted ones
 * left out; of very many the newest. They are never counted up: whoever holds them follows rows and markers.
 */
export const UnreadMentions = z.array(z.int().positive()).max(limits.unreadMentions)

/** Unread mentions and the room's version at which these were all. */
export const KnownMentions = z.object({ unread_mentions: UnreadMentions, mentions_version: Version })
