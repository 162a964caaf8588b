import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import type { Event } from '@grandchat/contracts/realtime/events'
import { clearRows, readRows, unreachableCentrifugo, type WrittenRow } from '../../testing/outbox.ts'
import type { Person } from '../../testing/person.ts'
import { startTestServer, type TestServer } from '../../testing/server.ts'
import { maxEventBytes } from './size.ts'

const modes = [
  { mode: 'outbox', table: 'chat_outbox' },
  { mode: 'cdc', table: 'chat_cdc' },
  { mode: 'api_cdc', table: 'chat_cdc' },
] as const

for (const { mode, table } of modes) {
  describe(`events of ${mode}`, () => {
    let server: TestServer
    let [ann, bob, eve]: Person[] = []
    before(async () => {
      server = await startTestServer({ ...unreachableCentrifugo, CENTRIFUGO_BROADCAST_MODE: mode })
      // It would add probes of its own.
      await server.services.housekeeping.stop()
      ;[ann, bob, eve] = [await server.member('ann'), await server.member('bob'), await server.member('eve')]
    })
    after(() => server.stop())

    const written = () => readRows(server.services.db, table)
    const startAfresh = () => clearRows(server.services.db)
    const personal = (...people: (Person | undefined)[]) => people.map((person) => `personal:${person?.id}`)
    const inRoom = (rows: WrittenRow[]) => rows.filter(({ key }) => key.includes('_room_'))

    test('making a room tells its maker alone, own row first', async () => {
      await startAfresh()
      const room = await ann!.createRoom('Kitchen')
      const rows = await written()
      assert.deepEqual(
        rows.map(({ type, channels }) => [type, channels]),
        [
          ['own_changed', personal(ann)],
          ['user_joined', personal(ann)],
        ],
      )
      assert.equal(rows[1]!.key, `${server.services.epoch}_room_${room.id}_v1`)
      assert.match(rows[0]!.key, new RegExp(`^${server.services.epoch}_user_${ann!.id}_v\\d+$`))
      assert.equal(new Set(rows.map(({ partition }) => partition)).size, 1, 'so that one comes before the other')
      assert.equal(rows[0]!.partition, room.id % 8)
    })

    test('what somebody says of themselves is told to everyone, in the order of versions', async () => {
      await startAfresh()
      for (const title of ['Cook', 'Cook', 'Baker']) {
        assert.equal((await ann!.ask('PATCH', '/api/me/', { title })).status, 200)
      }
      const rows = await written()
      const [first = 0] = rows.map(({ version }) => version)
      assert.deepEqual(
        rows.map(({ type, channels, version, key }) => [type, channels, version, key]),
        [first, first + 1].map((version) => [
          'workspace_changed',
          ['workspace'],
          version,
          `${server.services.epoch}_workspace_v${version}`,
        ]),
      )
      assert.equal(new Set(rows.map(({ partition }) => partition)).size, 1)
    })

    test('who joins hears it, who leaves hears it, and strangers hear nothing', async () => {
      const room = await ann!.createRoom('Garden')
      await startAfresh()
      await bob!.join(room.id)
      const first = await ann!.send(room.id, 'Hello')
      await bob!.post(`/api/rooms/${room.id}/leave/`)
      const second = await ann!.send(room.id, 'Alone')
      const rows = inRoom(await written())
      assert.deepEqual(
        rows.map(({ type, version, channels }) => [type, version, channels.toSorted()]),
        [
          ['user_joined', 2, personal(ann, bob).toSorted()],
          ['message_added', first.version, personal(ann, bob).toSorted()],
          ['user_left', 4, personal(ann, bob).toSorted()],
          ['message_added', second.version, personal(ann)],
        ],
      )
    })

    test('[F10, F11, F19] refusals and repeats write nothing and leave no gap', async () => {
      const room = await ann!.createRoom('Attic')
      const key = randomUUID()
      const message = await ann!.send(room.id, 'Once', key)
      await startAfresh()
      const path = `/api/rooms/${room.id}/messages/`
      await ann!.post(path, { content: 'Once', client_message_id: key }, 200)
      await ann!.post(path, { content: 'Other words', client_message_id: key }, 422)
      await ann!.post(path, { content: 'cut in two \ud83d' }, 400)
      await ann!.post(path, { content: 'zero \u0000' }, 400)
      await eve!.post(path, { content: 'Let me in' }, 404)
      await ann!.post(`/api/rooms/${room.id}/join/`, {}, 409)
      await eve!.post(`/api/rooms/${room.id}/leave/`, {}, 404)
      assert.deepEqual(await written(), [])
      const next = await ann!.send(room.id, 'Twice')
      assert.equal(next.version, message.version + 1)
      assert.deepEqual(
        (await written()).map(({ version }) => version),
        [next.version],
      )
    })

    test('a change that is taken back writes nothing, and what it had read of the members is forgotten', async () => {
      const room = await ann!.createRoom('Shed')
      await startAfresh()
      const { announcer, db } = server.services
      const change = announcer.within(db, async (tx, announce) => {
        await sql`
          insert into memberships (room_id, user_id, joined_at, version, own_version)
          values (${room.id}, ${eve!.id}, now(), 2, 1)`.execute(tx)
        await sql`update rooms set version = 2, members_version = 2 where id = ${room.id}`.execute(tx)
        const event = { type: 'room_changed', body: { room: { id: room.id, version: 2 } } } as const
        await announce([{ stream: 'room', roomId: room.id, version: 2, membersVersion: 2, via: ['personal'], event }])
        throw new Error('changed my mind')
      })
      await assert.rejects(change, /changed my mind/)
      assert.deepEqual(await written(), [])
      await bob!.join(room.id)
      const [joined] = inRoom(await written())
      assert.deepEqual(joined!.channels.toSorted(), personal(ann, bob).toSorted())
    })

    test('a read marker is told to its owner alone', async () => {
      const room = await ann!.createRoom('Cellar')
      await ann!.send(room.id, 'Hello')
      await startAfresh()
      await ann!.put(`/api/rooms/${room.id}/read-marker/`, { seq: 0 })
      const [row, ...more] = await written()
      assert.deepEqual(more, [])
      assert.deepEqual([row!.type, row!.channels, row!.partition], ['own_changed', personal(ann), ann!.id % 8])
    })

    test('sends at once, in many rooms: in each one row per version, in their order', async () => {
      const rooms = await Promise.all(Array.from({ length: 6 }, (_, n) => ann!.createRoom(`Room ${n}`)))
      for (const { id } of rooms) await bob!.join(id)
      await startAfresh()
      const sends = rooms.flatMap(({ id }) =>
        [ann!, bob!].flatMap((person) => Array.from({ length: 10 }, (_, n) => person.send(id, `Message ${n}`))),
      )
      await Promise.all(sends)
      const rows = await written()
      for (const { id, version } of rooms) {
        const own = rows.filter(({ key }) => key.includes(`_room_${id}_`))
        assert.deepEqual(
          own.map((row) => row.version),
          Array.from({ length: 20 }, (_, n) => version + 2 + n),
        )
        assert.deepEqual(new Set(own.map(({ partition }) => partition)), new Set([id % 8]))
      }
    })

    test('an event that is too long to be recovered with others is a nudge, and the longest message is not', async () => {
      const room = await ann!.createRoom('🙂'.repeat(50))
      await startAfresh()
      await ann!.send(room.id, '🙂'.repeat(5_000))
      const [row] = await written()
      assert.equal(row!.type, 'message_added')
      const body = { room: { id: room.id, version: 9 }, filler: 'x'.repeat(maxEventBytes) }
      const event = { type: 'user_left', body } as unknown as Extract<Event, { type: 'user_left' }>
      const change = {
        stream: 'room',
        roomId: room.id,
        version: 9,
        membersVersion: 1,
        via: ['personal'],
        event,
      } as const
      await server.services.announcer.within(server.services.db, (_tx, announce) => announce([change]))
      const nudge = (await written()).at(-1)!
      assert.deepEqual(
        [nudge.type, nudge.key, nudge.channels],
        ['room_changed', `${server.services.epoch}_room_${room.id}_v9`, personal(ann)],
      )
    })
  })
}
