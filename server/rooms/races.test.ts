import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

/** Rounds, each in a room of its own. */
const rounds = 300
/** Fewer than the changes that one session may make at once. */
const together = 10

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

type Race = { ann: Person; bob: Person; room: OwnRoom }
type Stored = { content: string | null; kind: string; version: number; created_at: string }

/** Versions without gaps or doubles, and nothing by Bob after what shut him out. */
async function assertConsistent({ ann, bob, room }: Race): Promise<void> {
  const { db } = server.services
  const rows: Stored[] = await db
    .selectFrom('messages')
    .select(['content', 'kind', 'version', 'created_at'])
    .where('room_id', '=', room.id)
    .orderBy('version')
    .execute()
  const now = await ann.get<OwnRoom>(`/api/rooms/${room.id}/`)
  // Every change left one row here: a message, or the line that tells of it.
  assert.deepEqual(
    rows.map(({ version }) => version),
    Array.from({ length: now.version }, (_, i) => i + 1),
  )
  const shut = rows.find(({ content }) => content === `removed ${bob.username}` || content === 'archived the room')
  const late = rows.filter(({ kind, version }) => kind === 'user' && shut !== undefined && version > shut.version)
  assert.deepEqual(late, [], 'what was refused or came too late is not there')
}

test('posting, archiving and removing at once: no 5xx, versions without gaps, nothing written after', async () => {
  for (let round = 0; round < rounds; round += together) {
    const ann = await server.member(`ann${round}`)
    const bob = await server.member(`bob${round}`)
    await Promise.all(
      Array.from({ length: together }, async (_, n) => {
        const room = await ann.createRoom('Race', 'private')
        const path = `/api/rooms/${room.id}`
        await ann.put(`${path}/members/${bob.id}/`, {})
        const post = (i: number) => bob.ask('POST', `${path}/messages/`, { content: `m${i}` })
        const requests = [
          () => post(1),
          () => bob.ask('POST', `${path}/messages/`, { content: 'm2' }),
          () => ann.ask('POST', `${path}/archive/`, {}),
          () => ann.ask('DELETE', `${path}/members/${bob.id}/`),
          () => post(3),
        ]
        const turned = [...requests.slice(n % requests.length), ...requests.slice(0, n % requests.length)]
        const answers = await Promise.all(turned.map((request) => request()))
        for (const { status, text } of answers) assert.ok([200, 201, 403, 404].includes(status), text)
        await assertConsistent({ ann, bob, room })
      }),
    )
  }
})
