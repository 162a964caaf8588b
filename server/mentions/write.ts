import { sql } from 'kysely'
import { limits } from '@grandchat/contracts/limits'
import { findMentions } from '@grandchat/contracts/messages/mentions'
import { foldUsername } from '@grandchat/contracts/users/username'
import type { OpenTransaction } from '../database/database.ts'

/** Whom a text mentions, as `add_mentions` (migration 0010) takes it; null if nobody, which is known without reading most. */
export function saidMentions(content: string): string | null {
  if (!content.includes('@')) return null
  const { users, here, all } = findMentions(content)
  const names = new Set<string>()
  for (const name of users) {
    names.add(foldUsername(name))
    if (names.size === limits.mentions) break
  }
  // Who is in the room at this moment nobody keeps: `@here` calls all of its members.
  const callsAll = all || here
  if (names.size === 0 && !callsAll) return null
  return JSON.stringify({ names: [...names], all: callsAll, all_members: limits.mentionAllMembers })
}

/** Keeps whom a message that was just written mentions. */
export async function addMentions(tx: OpenTransaction, messageId: number, content: string): Promise<void> {
  const said = saidMentions(content)
  if (said !== null) await sql`select add_mentions(${messageId}, ${said}::jsonb)`.execute(tx)
}

export async function removeMentions(tx: OpenTransaction, messageId: number): Promise<void> {
  await tx.deleteFrom('mentions').where('message_id', '=', messageId).execute()
}

/** After an edit the message mentions whom its text mentions now, by who is a member now. */
export async function replaceMentions(tx: OpenTransaction, messageId: number, content: string): Promise<void> {
  await removeMentions(tx, messageId)
  await addMentions(tx, messageId, content)
}
