import { sql } from 'kysely'
import type { Changes } from '@grandchat/contracts/sync/schema'
import type { Member } from '@grandchat/contracts/memberships/schema'
import { limits } from '@grandchat/contracts/limits'
import type { AttachedRows, MessageRow } from '@grandchat/contracts/messages/schema'
import type { OpenTransaction } from '../database/database.ts'
import { presentMember, selectMembers } from '../memberships/present.ts'
import { presentMessage, selectMessages } from '../messages/present.ts'
import { presentPin, selectPins } from '../pins/present.ts'
import { selectReactionRows } from '../reactions/present.ts'
import { accessRoom } from '../rooms/access.ts'
import { presentRoom } from '../rooms/present.ts'
import { selectThreads } from '../threads/present.ts'

const maxRows = 500
const maxBytes = 256 * 1024
/** What a row takes besides its text. */
const rowBytes = 400
/** What a row of reactions takes besides its ids, and what each of those takes. */
const reactionBytes = 200
const idBytes = 10
/** Rooms of more members leave their rows out: the client fetches the list if it shows it. */
const maxListedMembers = 200
/** Further back than this the newest page is quicker than all that changed. */
const maxBehind = 5_000

/** `thread`: the messages of that thread, in the place of the room's own timeline (0). */
export type ChangesCursor = { id: number; since: number; low: number; thread?: number }

type Size = { version: number; bytes: number }

/**
 * What changed in a room since a version: current rows, not a log. Cut only between versions, because rows that share a
 * version belong together. The same for every member, so that equal questions could share one answer.
 */
export async function readChanges(
  tx: OpenTransaction,
  epoch: string,
  userId: number,
  { id, since, low, thread = 0 }: ChangesCursor,
): Promise<Changes> {
  const cursor = { id, since, low, thread }
  const row = await accessRoom(tx, userId, id)
  const floor = await tx.selectFrom('rooms').select('changes_floor').where('id', '=', id).executeTakeFirstOrThrow()
  const isTooFar = since < floor.changes_floor || since > row.version || row.version - since > maxBehind
  if (isTooFar) return { epoch, reset: true }
  const listsMembers = thread === 0 && row.member_count <= maxListedMembers
  const to = cutVersion(await readSizes(tx, cursor, listsMembers), since, row.version)
  if (to === undefined) return { epoch, reset: true }
  return {
    epoch,
    room: presentRoom(row),
    since,
    to,
    more: to < row.version,
    messages: await readMessages(tx, cursor, to),
    members: listsMembers ? await readMembers(tx, { id, since }, to) : null,
    ...(await readAttached(tx, cursor, to)),
  }
}

/** How large the changed rows are, in order of their versions: known before any text is read. */
async function readSizes(
  tx: OpenTransaction,
  { id, since, low, thread }: Required<ChangesCursor>,
  listsMembers: boolean,
): Promise<Size[]> {
  const { rows } = await sql<Size>`
    (select version, octet_length(content) + ${rowBytes} as bytes from messages
      where room_id = ${id} and thread_id = ${thread} and version > ${since} and id >= ${low}
      order by version limit ${maxRows + 1})
    union all
    (select version, ${rowBytes}::integer as bytes from memberships
      where room_id = ${id} and version > ${since} and ${listsMembers}::boolean
      order by version limit ${maxRows + 1})
    union all
    (select version, ${reactionBytes} + ${idBytes} * least(count, ${limits.reactionUsers}) as bytes from reaction_rows
      where room_id = ${id} and version > ${since} and message_id >= ${low}
      order by version limit ${maxRows + 1})
    union all
    (select version, ${rowBytes}::integer as bytes from pins
      where room_id = ${id} and version > ${since} and message_id >= ${low}
      order by version limit ${maxRows + 1})
    union all
    (select version, ${rowBytes}::integer as bytes from threads
      where room_id = ${id} and version > ${since} and id >= ${threadsFrom({ low, thread })}
      order by version limit ${maxRows + 1})
    order by version`.execute(tx)
  return rows
}

/** The highest version that fits whole into the bounds; undefined if not even one does. */
function cutVersion(sizes: Size[], since: number, roomVersion: number): number | undefined {
  let bytes = 0
  for (const [i, size] of sizes.entries()) {
    bytes += size.bytes
    if (i < maxRows && bytes <= maxBytes) continue
    const to = size.version - 1
    return to > since ? to : undefined
  }
  return roomVersion
}

async function readMessages(
  tx: OpenTransaction,
  { id, since, low, thread }: Required<ChangesCursor>,
  to: number,
): Promise<MessageRow[]> {
  const rows = await selectMessages(tx, id)
    .where('messages.thread_id', '=', thread)
    .where('messages.version', '>', since)
    .where('messages.version', '<=', to)
    .where('messages.id', '>=', low)
    .orderBy('messages.version')
    .orderBy('messages.id')
    .execute()
  return rows.map(presentMessage)
}

async function readMembers(
  tx: OpenTransaction,
  { id, since }: { id: number; since: number },
  to: number,
): Promise<Member[]> {
  const rows = await selectMembers(tx, id)
    .where('memberships.version', '>', since)
    .where('memberships.version', '<=', to)
    .orderBy('memberships.version')
    .execute()
  return rows.map(presentMember)
}

/** What hangs on the window's messages, whether or not they changed themselves. */
async function readAttached(
  tx: OpenTransaction,
  { id, since, low, thread }: Required<ChangesCursor>,
  to: number,
): Promise<AttachedRows> {
  const reactions = await selectReactionRows(tx, id)
    .where('row.version', '>', since)
    .where('row.version', '<=', to)
    .where('row.message_id', '>=', low)
    .orderBy('row.version')
    .execute()
  const pins = await selectPins(tx, id)
    .where('pins.version', '>', since)
    .where('pins.version', '<=', to)
    .where('pins.message_id', '>=', low)
    .orderBy('pins.version')
    .execute()
  const threads = await selectThreads(tx)
    .where('threads.room_id', '=', id)
    .where('threads.version', '>', since)
    .where('threads.version', '<=', to)
    .where('threads.id', '>=', threadsFrom({ low, thread }))
    .orderBy('threads.version')
    .execute()
  return { reactions, pins: pins.map(presentPin), threads }
}

/** A thread's own row comes along with its messages, however far down they begin. */
function threadsFrom({ low, thread }: { low: number; thread: number }): number {
  return thread === 0 ? low : thread
}
