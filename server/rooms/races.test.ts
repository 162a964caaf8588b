import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

/** Rounds, each in a room of its own. */
const rounds = 300
/** Fewer than the changes that one session may make at once. */
const together = 10
const wholeRounds = 60
const wholeTogether = 3

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

/** Done, refused for what had come before, or told to come back: a slow machine may have too much to do. */
const expected = [200, 201, 400, 403, 404, 503]

/** Everything that can be done in one room by who owns it and by an admin whom the owner puts out, one request of each. */
async function doEverythingAtOnce(ann: Person, bob: Person, turn: number): Promise<OwnRoom> {
  const room = await ann.createRoom('Race', 'private')
  const path = `/api/rooms/${room.id}`
  const bobsPlace = `${path}/members/${bob.id}/`
  await ann.put(bobsPlace, {})
  await ann.patch(bobsPlace, { role: 'admin' })
  const { id } = await bob.send(room.id, 'said before')
  const message = `${path}/messages/${id}/`
  const requests = [
    () => bob.ask('POST', `${path}/messages/`, { content: 'said meanwhile' }),
    () => bob.ask('POST', `${path}/messages/`, { content: 'answered', thread_id: id }),
    () => bob.ask('PATCH', message, { content: 'changed' }),
    () => bob.ask('PUT', `${message}reactions/${encodeURIComponent('👍')}/`),
    () => bob.ask('PUT', `${path}/pins/${id}/`),
    () => bob.ask('PUT', `${path}/read-marker/`, { seq: 1 }),
    () => bob.ask('PATCH', `${path}/`, { topic: 'what is said here' }),
    () => ann.ask('PUT', `${message}reactions/${encodeURIComponent('👍')}/`),
    () => ann.ask('POST', `${path}/archive/`, {}),
    () => ann.ask('PATCH', bobsPlace, { role: 'member' }),
    () => ann.ask('DELETE', bobsPlace),
    () => ann.ask('PUT', bobsPlace, {}),
    () => ann.ask('DELETE', message),
    () => ann.ask('POST', `${path}/restore/`, {}),
  ]
  const at = turn % requests.length
  const turned = [...requests.slice(at), ...requests.slice(0, at)]
  const answers = await Promise.all((turn % 2 ? turned : turned.reverse()).map((request) => request()))
  for (const { status, text } of answers) assert.ok(expected.includes(status), text)
  return ann.get<OwnRoom>(`${path}/`)
}

test('everything that can be done in a room at once: nothing fails, and every version is one event', async () => {
  for (let round = 0; round < wholeRounds; round += wholeTogether) {
    const ann = await server.member(`whole.ann${round}`)
    const bob = await server.member(`whole.bob${round}`)
    const listener = await server.listen(ann)
    const turns = Array.from({ length: wholeTogether }, (_, n) => round + n)
    for (const room of await Promise.all(turns.map((turn) => doEverythingAtOnce(ann, bob, turn)))) {
      const versions = () => listener.inRoom(room.id).map(({ body }) => body.room.version)
      await listener.until(() => versions().includes(room.version))
      assert.deepEqual(
        versions(),
        Array.from({ length: room.version }, (_, i) => i + 1),
      )
    }
  }
})
