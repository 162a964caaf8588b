import { randomInt } from 'node:crypto'
import { sql } from 'kysely'
import type { Database, OpenTransaction } from '../database/database.ts'
import { hashPassword } from '../sessions/password.ts'
import { hasUsers } from '../setup/set-up.ts'
import { StartError } from '../start-error.ts'
import { addMentions } from '../mentions/write.ts'
import { toldBy } from '../messages/system-line.ts'
import { createUser } from '../users/create.ts'
import { people, rooms, titles, type DemoRoom, type Line } from './conversations.ts'
import { touchMessages } from './touch.ts'

/** Messages at the end of each room that the owner has not read yet. */
const unreadForOwner: Record<string, number> = { Movies: 3, Programming: 2 }

type UserIds = Map<string, number>

/** Fills an empty installation with people and conversation. Refuses where there are users: their data is theirs. */
export async function makeDemo(db: Database, say: (line: string) => void): Promise<void> {
  const password = makePassword()
  await db.transaction().execute(async (tx) => {
    await sql`select 1 from workspace for update`.execute(tx)
    if (await hasUsers(tx)) {
      throw new StartError(
        'The demo needs an empty database, and this one has users. To go on with them, start without --demo. ' +
          'For a demo of its own choose another folder: DATA_DIR=demo npm start -- --demo',
      )
    }
    const users = await createPeople(tx, password)
    for (const room of rooms) await createRoom(tx, room, users)
  })
  await touchMessages(db)
  say(`\nDemo: sign in as ${people[0]} (the owner), ${people.slice(1).join(', ')}.`)
  say(`The password of each of them: ${password}`)
}

async function createPeople(tx: OpenTransaction, password: string): Promise<UserIds> {
  const users: UserIds = new Map()
  for (const [i, username] of people.entries()) {
    const passwordHash = await hashPassword(password)
    const { id } = await createUser(tx, { username, passwordHash, role: i === 0 ? 'owner' : 'member' })
    await tx
      .updateTable('users')
      .set({ title: titles[username] ?? '' })
      .where('id', '=', id)
      .execute()
    users.set(username, id)
  }
  return users
}

/** As if everybody had joined and talked: versions without gaps, seqs, markers and counts as the use cases leave them. */
async function createRoom(
  tx: OpenTransaction,
  { name, kind, topic, members, lines }: DemoRoom,
  users: UserIds,
): Promise<void> {
  const start = lines[0]![0] + 60
  const isDirect = kind === 'direct'
  // Into a direct room all come with its first version.
  const joins = isDirect ? 1 : members.length
  const { id: roomId } = await tx
    .insertInto('rooms')
    .values({
      name,
      kind,
      topic,
      created_at: minutesAgo(start),
      last_message_id: null,
      direct_key: isDirect ? keyOf(members, users) : null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const [i, member] of members.entries()) {
    const unread = i === 0 ? (unreadForOwner[name] ?? 0) : 0
    await addMember(tx, roomId, users.get(member)!, {
      role: i === 0 && !isDirect ? 'owner' : 'member',
      version: isDirect ? 1 : i + 1,
      joinedMinutesAgo: start - i,
      readSeq: lines.length - unread,
      lastVersion: joins + lines.length,
    })
    if (!isDirect) await addLine(tx, roomId, users.get(member)!, i + 1, start - i)
  }
  const lastId = await addMessages(tx, roomId, joins, lines, users)
  await tx
    .updateTable('rooms')
    .set({
      version: joins + lines.length,
      members_version: joins,
      member_count: members.length,
      last_seq: lines.length,
      last_message_id: lastId,
      bumped_at: minutesAgo(lines.at(-1)![0]),
    })
    .where('id', '=', roomId)
    .execute()
}

type Joining = {
  role: 'owner' | 'member'
  version: number
  joinedMinutesAgo: number
  readSeq: number
  lastVersion: number
}

async function addMember(tx: OpenTransaction, roomId: number, userId: number, joining: Joining): Promise<void> {
  const { version } = await tx
    .updateTable('users')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', userId)
    .returning('version')
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('memberships')
    .values({
      room_id: roomId,
      user_id: userId,
      role: joining.role,
      joined_at: minutesAgo(joining.joinedMinutesAgo),
      version: joining.version,
      own_version: version,
      read_seq: joining.readSeq,
      delivered_seq: joining.readSeq,
      seen_seq: joining.readSeq,
      read_at_version: joining.lastVersion,
    })
    .execute()
}

function keyOf(members: readonly string[], users: UserIds): string {
  const ids = members.map((member) => users.get(member)!)
  return ids.sort((a, b) => a - b).join(',')
}

/** Who made the room, and who joined it. */
async function addLine(
  tx: OpenTransaction,
  roomId: number,
  userId: number,
  version: number,
  joinedMinutesAgo: number,
): Promise<void> {
  const type = version === 1 ? 'created' : 'joined'
  await tx
    .insertInto('messages')
    .values({
      room_id: roomId,
      seq: null,
      version,
      user_id: userId,
      kind: 'system',
      ...toldBy({ type }),
      client_message_id: null,
      reply_to: null,
      created_at: minutesAgo(joinedMinutesAgo),
    })
    .execute()
}

async function addMessages(
  tx: OpenTransaction,
  roomId: number,
  versionBefore: number,
  lines: Line[],
  users: UserIds,
): Promise<number> {
  const rows = lines.map(([ago, author, content], i) => ({
    room_id: roomId,
    seq: i + 1,
    version: versionBefore + i + 1,
    user_id: users.get(author)!,
    content,
    client_message_id: null,
    reply_to: null,
    created_at: minutesAgo(ago),
  }))
  const inserted = await tx.insertInto('messages').values(rows).returning('id').execute()
  for (const [i, [, , content, answers]] of lines.entries()) {
    await addMentions(tx, inserted[i]!.id, content)
    if (answers === undefined) continue
    const answered = inserted[lines.findIndex(([, , text]) => text.startsWith(answers))]!.id
    await tx.updateTable('messages').set({ reply_to: answered }).where('id', '=', inserted[i]!.id).execute()
  }
  return inserted.at(-1)!.id
}

function minutesAgo(minutes: number) {
  return sql<string>`now() - make_interval(mins => ${minutes})`
}

/** The same for all of them, another for every demo: there are no passwords that the world knows. */
function makePassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789'
  return `demo-${Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')}`
}
