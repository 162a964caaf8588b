import type { KnownMentions } from '@grandchat/contracts/mentions/schema'
import type { z } from 'zod'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import { limits } from '@grandchat/contracts/limits'

/** A message of the room as of one version: does it mention the viewer? */
type Heard = { seq: number; version: number; isMention: boolean }

/**
 * Which messages of a room's own timeline mention the viewer. The server says it as of a version; rows that changed since
 * say it of themselves, in whatever order they come. Nothing is counted: what is unread follows from where the reader is.
 */
export type Mentions = {
  /** At this version of the room `seqs` are all of them above `above`. */
  version: number
  above: number
  seqs: readonly number[]
  /** Of later versions, each message as it was last. */
  later: readonly Heard[]
}

export const noMentions: Mentions = { version: 0, above: 0, seqs: [], later: [] }

const most = limits.unreadMentions

/** As the server says it. A list as long as it may be is cut: below it there may be more. */
export function mentionsOf(told: z.infer<typeof KnownMentions>, read_seq: number): Mentions {
  const { unread_mentions: seqs, mentions_version: version } = told
  const above = seqs.length < most ? read_seq : Math.max(read_seq, (seqs[0] ?? 1) - 1)
  return { version, above, seqs, later: [] }
}

/** An own message was said at this version, when nothing came after it: all before is read. */
export function mentionsAfter(ownMessage: { seq: number; version: number }): Mentions {
  return { version: ownMessage.version, above: ownMessage.seq, seqs: [], later: [] }
}

/** Of two the one of the later version is right; of one version the one that reaches further back. */
export function mergeMentions(a: Mentions, b: Mentions): Mentions {
  const isA = a.version === b.version ? a.above <= b.above : a.version > b.version
  const base = isA ? a : b
  const others = (isA ? b : a).later.filter(({ version }) => version > base.version)
  return others.length === 0 ? base : others.reduce(hear, base)
}

/** Takes note of a message's row. */
export function hearMessage(mentions: Mentions, row: MessageRow, viewerId: number): Mentions {
  const { seq, version } = row
  if (row.thread_id !== 0 || seq === null) return mentions
  return hear(mentions, { seq, version, isMention: isMentioned(row, viewerId) })
}

export function isMentioned(row: Pick<MessageRow, 'mentions' | 'user' | 'deleted_at'>, viewerId: number): boolean {
  if (row.mentions === null || row.deleted_at !== null || row.user.id === viewerId) return false
  return row.mentions.all || row.mentions.users.includes(viewerId)
}

function hear(mentions: Mentions, heard: Heard): Mentions {
  if (heard.version <= mentions.version) return mentions
  const known = mentions.later.find(({ seq }) => seq === heard.seq)
  if (known && known.version >= heard.version) return mentions
  return { ...mentions, later: [...mentions.later.filter((other) => other !== known), heard] }
}

/** Every change up to `version` was heard of: so what was heard is all there is. */
export function settleMentions(mentions: Mentions, version: number): Mentions {
  if (version <= mentions.version) return mentions
  const settled = { ...mentions, later: mentions.later.filter((heard) => heard.version <= version) }
  const seqs = seqsOf(settled)
  const dropped = seqs.length - most
  return {
    version,
    above: dropped > 0 ? Math.max(mentions.above, seqs[dropped - 1] ?? 0) : mentions.above,
    seqs: seqs.slice(-most),
    later: mentions.later.filter((heard) => heard.version > version),
  }
}

/** Those above where the reader is, ascending; of very many the newest. */
export function unreadMentions(mentions: Mentions, read_seq: number): number[] {
  return seqsOf(mentions)
    .filter((seq) => seq > read_seq)
    .slice(-most)
}

/** There may be some of which the server has not told. */
export function mayMissMentions(mentions: Mentions, read_seq: number): boolean {
  return read_seq < mentions.above && unreadMentions(mentions, read_seq).length < most
}

function seqsOf({ seqs, later }: Mentions): number[] {
  if (later.length === 0) return [...seqs]
  const heard = new Map(later.map(({ seq, isMention }) => [seq, isMention]))
  const added = later.filter(({ isMention }) => isMention).map(({ seq }) => seq)
  return [...seqs.filter((seq) => !heard.has(seq)), ...added].sort((a, b) => a - b)
}
