import type { Changes } from '@grandchat/contracts/sync/schema'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { OpenTransaction } from '../database/database.ts'
import { presentMember, selectMembers } from '../memberships/present.ts'
import { presentMessage, selectMessages } from '../messages/present.ts'
import { accessRoom } from '../rooms/access.ts'
import { presentRoom } from '../rooms/present.ts'

const maxRows = 500
const maxBytes = 256 * 1024
/** Rooms of more members leave their rows out: the client fetches the list if it shows it. */
const maxListedMembers = 200
/** Further back than this the newest page is quicker than all that changed. */
const maxBehind = 5_000

export type ChangesCursor = { id: number; since: number; low: number }

type Rows = { messages: MessageRow[]; members: Member[] }

/**
 * What changed in a room since a version: current rows, not a log. Cut only between versions, because rows that share a
 * version belong together. The same for every member, so that equal questions could share one answer.
 */
export async function readChanges(
  tx: OpenTransaction,
  epoch: string,
  userId: number,
  { id, since, low }: ChangesCursor,
): Promise<Changes> {
  const row = await accessRoom(tx, userId, id)
  const floor = await tx.selectFrom('rooms').select('changes_floor').where('id', '=', id).executeTakeFirstOrThrow()
  const isTooFar = since < floor.changes_floor || since > row.version || row.version - since > maxBehind
  if (isTooFar) return { epoch, reset: true }
  const listsMembers = row.member_count <= maxListedMembers
  const found = await readRows(tx, { id, since, low }, listsMembers)
  const to = cutVersion(found, since, row.version)
  if (to === undefined) return { epoch, reset: true }
  const isShown = (changed: { version: number }) => changed.version <= to
  return {
    epoch,
    room: presentRoom(row),
    since,
    to,
    more: to < row.version,
    messages: found.messages.filter(isShown),
    reactions: [],
    members: listsMembers ? found.members.filter(isShown) : null,
    pins: [],
  }
}

async function readRows(tx: OpenTransaction, { id, since, low }: ChangesCursor, listsMembers: boolean): Promise<Rows> {
  const messages = await selectMessages(tx, id)
    .where('messages.thread_id', '=', 0)
    .where('messages.version', '>', since)
    .where('messages.id', '>=', low)
    .orderBy('messages.version')
    .orderBy('messages.id')
    .limit(maxRows + 1)
    .execute()
  if (!listsMembers) return { messages: messages.map(presentMessage), members: [] }
  const members = await selectMembers(tx, id)
    .where('memberships.version', '>', since)
    .orderBy('memberships.version')
    .limit(maxRows + 1)
    .execute()
  return { messages: messages.map(presentMessage), members: members.map(presentMember) }
}

/** The highest version that fits whole into the bounds; undefined if not even one does. */
function cutVersion({ messages, members }: Rows, since: number, roomVersion: number): number | undefined {
  const rows = [...messages, ...members].toSorted((a, b) => a.version - b.version)
  let bytes = 0
  for (const [i, row] of rows.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(row))
    if (i < maxRows && bytes <= maxBytes) continue
    const to = row.version - 1
    return to > since ? to : undefined
  }
  return roomVersion
}
