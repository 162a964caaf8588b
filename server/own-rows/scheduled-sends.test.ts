import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Message } from '@grandchat/contracts/messages/schema'
import type { ScheduledMessage } from '@grandchat/contracts/own-rows/kinds'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { SyncAnswer } from '@grandchat/contracts/sync/schema'
import { sql } from 'kysely'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { ScheduledSends, type ScheduledSendsOptions } from './scheduled-sends.ts'

const longAgo = '2020-01-01T00:00:00.000000Z'
const far = '2099-01-01T00:00:00.000000Z'

const put = (person: Person, key: string, value: Partial<ScheduledMessage>) =>
  person.put<OwnRow>(`/api/own/scheduled/${key}/`, { value })

async function scheduled(person: Person, key: string): Promise<ScheduledMessage | undefined> {
  const { own } = await person.post<SyncAnswer>('/api/sync/', { user_version: 0 })
  return own.rows.find((row) => row.kind === 'scheduled' && row.key === key)?.value as ScheduledMessage | undefined
}

async function contents(person: Person, roomId: number) {
  const { results } = await person.get<{ results: Message[] }>(`/api/rooms/${roomId}/messages/`)
  // Who came and went is told in the room, too.
  const said = results.filter(({ kind }) => kind === 'user')
  return said.map(({ content, client_message_id }) => [content, client_message_id])
}

describe('a backend that is up', () => {
  let server: TestServer
  let cast: Cast
  before(async () => {
    server = await startTestServer()
    cast = await gatherCast(server)
  })
  after(() => server.stop())

  test('sends what is due, and it is then no longer scheduled on any device', async () => {
    const room = await openRoom(server, cast, 'private')
    const phone = await server.listen(cast.member)
    const [key, other] = [randomUUID(), randomUUID()]
    await put(cast.member, other, { room_id: room.id, content: 'next century', send_at: far })
    const row = await put(cast.member, key, { room_id: room.id, content: 'good morning', send_at: longAgo })
    await phone.until((events) => events.filter(({ type }) => type === 'own_changed').length === 3)
    const [, , gone] = phone.events.flatMap(({ body }) => ('rows' in body && body.rows) || [])
    assert.deepEqual(gone, { ...row, value: null, own_version: row.own_version + 1 })
    assert.equal(await scheduled(cast.member, key), undefined)
    assert.deepEqual(await contents(cast.member, room.id), [['good morning', key]])
    assert.equal((await scheduled(cast.member, other))?.content, 'next century')
  })

  test('sends into the thread that it was written for', async () => {
    const room = await openRoom(server, cast, 'private')
    const root = await cast.roomOwner.send(room.id, 'Any news?')
    const phone = await server.listen(cast.roomOwner)
    const key = randomUUID()
    await put(cast.member, key, { room_id: room.id, thread_id: root.id, content: 'none', send_at: longAgo })
    await phone.until((events) => events.some(({ type }) => type === 'rows_changed'))
    const thread = await cast.roomOwner.get<{ results: Message[] }>(`/api/rooms/${room.id}/messages/?thread=${root.id}`)
    assert.deepEqual(
      thread.results.map(({ content, client_message_id }) => [content, client_message_id]),
      [['none', key]],
    )
    assert.deepEqual(
      (await contents(cast.roomOwner, room.id)).filter(([content]) => content === 'none'),
      [],
    )
  })

  test('sends what waits when its time comes, and not before', async () => {
    const room = await openRoom(server, cast, 'private')
    const phone = await server.listen(cast.roomOwner)
    const key = randomUUID()
    const send_at = new Date(Date.now() + 400).toISOString().replace('Z', '000Z')
    await put(cast.member, key, { room_id: room.id, content: 'soon', send_at })
    assert.equal((await scheduled(cast.member, key))?.send_at, send_at)
    await phone.until((events) => events.some(({ type }) => type === 'message_added'))
    const [event] = phone.events.filter(({ type }) => type === 'message_added')
    assert.ok(event?.type === 'message_added' && event.body.client_message_id === key)
    assert.ok(event.body.created_at >= send_at, `${event.body.created_at} is before ${send_at}`)
  })
})

describe('without a backend that looks by itself', () => {
  let server: TestServer
  let cast: Cast
  before(async () => {
    server = await startTestServer()
    await server.services.scheduledSends.stop()
    cast = await gatherCast(server)
  })
  after(() => server.stop())

  /** As if the time of all of them had come. */
  const makeDue = (...keys: string[]) =>
    sql`update own_rows set due_at = ${longAgo} where key = any (${keys})`.execute(server.services.db)

  /** A backend that looks until it finds nothing. */
  async function look(options: Partial<ScheduledSendsOptions> = {}): Promise<void> {
    const sends = new ScheduledSends({ ...server.services, onError: assert.ifError, ...options })
    sends.wake()
    await sends.stop()
  }

  test('a message that was due while none was up is sent when one comes up', async () => {
    const room = await openRoom(server, cast, 'private')
    const key = randomUUID()
    await put(cast.member, key, { room_id: room.id, content: 'overdue', send_at: longAgo })
    assert.deepEqual(await contents(cast.member, room.id), [])
    await look()
    assert.deepEqual(await contents(cast.member, room.id), [['overdue', key]])
    assert.equal(await scheduled(cast.member, key), undefined)
  })

  test('two backends that look at once send each message once', async () => {
    const second = await startTestServer({}, { databaseUrl: server.databaseUrl })
    await second.services.scheduledSends.stop()
    const room = await openRoom(server, cast, 'private')
    const keys = Array.from({ length: 30 }, () => randomUUID())
    for (const key of keys) await put(cast.member, key, { room_id: room.id, content: `m ${key}`, send_at: far })
    await makeDue(...keys)
    for (let round = 0; round < 2; round++) await Promise.all([look(), look(second.services)])
    await second.stop()
    const sent = (await contents(cast.member, room.id)).map(([, key]) => key!)
    assert.deepEqual(sent.toSorted(), keys.toSorted())
    for (const key of keys) assert.equal(await scheduled(cast.member, key), undefined)
  })

  test('one that dies after sending leaves one message, and the row goes when another looks', async () => {
    const room = await openRoom(server, cast, 'private')
    const key = randomUUID()
    await put(cast.member, key, { room_id: room.id, content: 'once', send_at: longAgo })
    const errors: unknown[] = []
    const { sender } = server.services
    await look({
      onError: (error) => errors.push(String(error)),
      sender: {
        async send(roomId, send) {
          await sender.send(roomId, send)
          throw new Error('the process died')
        },
      },
    })
    assert.deepEqual(errors, ['Error: the process died'])
    assert.deepEqual(await contents(cast.member, room.id), [['once', key]])
    await look()
    assert.equal((await scheduled(cast.member, key))?.content, 'once', 'it is taken again later')
    await makeDue(key)
    await look()
    assert.equal(await scheduled(cast.member, key), undefined)
    assert.deepEqual(await contents(cast.member, room.id), [['once', key]])
  })

  test('what could not be sent for a moment is sent later', async () => {
    const room = await openRoom(server, cast, 'private')
    const key = randomUUID()
    await put(cast.member, key, { room_id: room.id, content: 'patience', send_at: longAgo })
    const overloaded = () => Promise.reject(new Error('too much is waiting here'))
    await look({ onError: () => undefined, sender: { send: overloaded } })
    const { failure } = (await scheduled(cast.member, key))!
    assert.equal(failure, undefined)
    await makeDue(key)
    await look()
    assert.deepEqual(await contents(cast.member, room.id), [['patience', key]])
  })

  test('who may no longer write there keeps the message with the reason, and may send it elsewhere', async () => {
    const [room, other] = [await openRoom(server, cast, 'public'), await openRoom(server, cast, 'public')]
    const key = randomUUID()
    await put(cast.member, key, { room_id: room.id, content: 'bye', send_at: longAgo })
    await cast.member.post(`/api/rooms/${room.id}/leave/`)
    await look()
    const failed = { room_id: room.id, content: 'bye', send_at: longAgo, failure: 'not_found' }
    assert.deepEqual(await scheduled(cast.member, key), failed)
    await look()
    assert.deepEqual(await scheduled(cast.member, key), failed)
    assert.deepEqual(await contents(cast.roomOwner, room.id), [])
    await put(cast.member, key, { room_id: other.id, content: 'bye', send_at: longAgo })
    await look()
    assert.equal(await scheduled(cast.member, key), undefined)
    assert.deepEqual(await contents(cast.member, other.id), [['bye', key]])
  })

  test('who may no longer write in a room is told so, in its threads too', async () => {
    const room = await openRoom(server, cast, 'public')
    const { id } = await cast.member.send(room.id, 'the beginning')
    const [key, inThread] = [randomUUID(), randomUUID()]
    await put(cast.member, key, { room_id: room.id, content: 'late', send_at: longAgo })
    await put(cast.member, inThread, { room_id: room.id, thread_id: id, content: 'late', send_at: longAgo })
    await cast.roomOwner.patch(`/api/rooms/${room.id}/`, { posting: 'admins' })
    await look()
    for (const each of [key, inThread]) {
      assert.equal((await scheduled(cast.member, each))?.failure, 'permission_denied')
    }
    assert.deepEqual(await contents(cast.roomOwner, room.id), [['the beginning', null]])
  })

  test('what its author changed while it was refused is tried as it is now', async () => {
    const [room, other] = [await openRoom(server, cast, 'public'), await openRoom(server, cast, 'public')]
    const key = randomUUID()
    await put(cast.member, key, { room_id: room.id, content: 'bye', send_at: longAgo })
    await cast.member.post(`/api/rooms/${room.id}/leave/`)
    await look({
      sender: {
        async send() {
          await put(cast.member, key, { room_id: other.id, content: 'bye', send_at: longAgo })
          return { status: 'no_member' }
        },
      },
    })
    assert.equal((await scheduled(cast.member, key))?.failure, undefined)
    await look()
    assert.deepEqual(await contents(cast.member, other.id), [['bye', key]])
  })

  test('a key that was used for other words is refused and says so', async () => {
    const room = await openRoom(server, cast, 'private')
    const key = randomUUID()
    await cast.member.send(room.id, 'first', key)
    await put(cast.member, key, { room_id: room.id, content: 'second', send_at: longAgo })
    await look()
    assert.equal((await scheduled(cast.member, key))?.failure, 'idempotency_key_reused')
    assert.deepEqual(await contents(cast.member, room.id), [['first', key]])
  })

  test('nothing is sent in the name of somebody who was shut out', async () => {
    const room = await openRoom(server, cast, 'private')
    const key = randomUUID()
    await put(cast.member, key, { room_id: room.id, content: 'too late', send_at: longAgo })
    const { db } = server.services
    await sql`update users set disabled_at = now() where id = ${cast.member.id}`.execute(db)
    await look()
    await sql`update users set disabled_at = null where id = ${cast.member.id}`.execute(db)
    assert.equal((await scheduled(cast.member, key))?.failure, 'permission_denied')
    assert.deepEqual(await contents(cast.member, room.id), [])
  })

  /** Its time has come, and a backend is about to send it, when its author does something about it. */
  async function justBefore(roomId: number, key: string, act: () => Promise<unknown>): Promise<void> {
    const { db } = server.services
    let looking: Promise<void> | undefined
    await db.transaction().execute(async (tx) => {
      await sql`select 1 from rooms where id = ${roomId} for update`.execute(tx)
      looking = look()
      const isTaken = async () => {
        const { rows } = await sql`select 1 from own_rows where key = ${key} and due_at > now()`.execute(db)
        return rows.length > 0
      }
      while (!(await isTaken()));
      await act()
    })
    await looking
  }

  test('what was taken back at the last moment is not sent', async () => {
    const room = await openRoom(server, cast, 'private')
    const root = await cast.roomOwner.send(room.id, 'Any news?')
    const [key, inThread] = [randomUUID(), randomUUID()]
    await put(cast.member, key, { room_id: room.id, content: 'no', send_at: longAgo })
    await justBefore(room.id, key, () => cast.member.ask('DELETE', `/api/own/scheduled/${key}/`))
    await put(cast.member, inThread, { room_id: room.id, thread_id: root.id, content: 'no', send_at: longAgo })
    await justBefore(room.id, inThread, () => cast.member.ask('DELETE', `/api/own/scheduled/${inThread}/`))
    assert.deepEqual(await contents(cast.roomOwner, room.id), [['Any news?', null]])
    const thread = await cast.roomOwner.get<{ results: Message[] }>(`/api/rooms/${room.id}/messages/?thread=${root.id}`)
    assert.deepEqual(thread.results, [])
    for (const each of [key, inThread]) assert.equal(await scheduled(cast.member, each), undefined)
  })

  test('what was changed at the last moment is sent as it is now', async () => {
    const room = await openRoom(server, cast, 'private')
    const key = randomUUID()
    await put(cast.member, key, { room_id: room.id, content: 'teh news', send_at: longAgo })
    await justBefore(room.id, key, () =>
      put(cast.member, key, { room_id: room.id, content: 'the news', send_at: longAgo }),
    )
    await look()
    assert.deepEqual(await contents(cast.roomOwner, room.id), [['the news', key]])
    assert.equal(await scheduled(cast.member, key), undefined)
  })
})
