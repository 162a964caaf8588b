import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { makeLine } from './lines.ts'
import { signatureOf } from './signature.ts'

let server: TestServer
let ann: Person
before(async () => {
  server = await startTestServer()
  ann = await server.member('ann')
})
after(() => server.stop())

type Pack = { first_id: number; last_id: number; ids: number[]; text: string; bits: string }

async function readPacks(roomId: number): Promise<Pack[]> {
  const { rows } = await sql<Pack>`
    select p.first_id, p.last_id, to_json(p.message_ids) as ids, p.text, s.bits
    from search_packs p left join search_signatures s using (room_id, first_id)
    where p.room_id = ${roomId} order by p.first_id`.execute(server.services.db)
  return rows
}

/** What the packs must hold: every message that is there, as it is now. */
async function readLines(roomId: number): Promise<[number, string][]> {
  const rows = await server.services.db
    .selectFrom('messages')
    .select(['id', 'user_id', 'content'])
    .where('room_id', '=', roomId)
    .where('kind', '=', 'user')
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map((row) => [row.id, makeLine(row)])
}

const bitsOf = (hex: string) =>
  Array.from(hex.slice(1), (digit) => parseInt(digit, 16).toString(2).padStart(4, '0')).join('')

async function assertPacked(roomId: number): Promise<Pack[]> {
  const packs = await readPacks(roomId)
  const held = packs.flatMap(({ ids, text }) => text.split('\n').map((line, i) => [ids[i], line]))
  assert.deepEqual(held, await readLines(roomId))
  for (const { first_id: first, last_id: last, ids, text, bits } of packs) {
    assert.ok(ids.every((id) => id >= first && id <= last))
    assert.equal(bits, bitsOf(signatureOf(text.split('\n'))))
  }
  return packs
}

test('after any mix of sending, editing, deleting and packing the packs hold what is there', async () => {
  const room = await ann.createRoom('Mixed')
  const ids: number[] = []
  const path = (n: number) => `/api/rooms/${room.id}/messages/${ids[n % ids.length]}/`
  for (let i = 0; i < 60; i++) {
    ids.push((await ann.send(room.id, `Message ${i} ${'long '.repeat((i * 37) % 300)}\nof two lines`)).id)
    if (i % 5 === 3) await ann.ask('PATCH', path(i * 7), { content: `Edited ${i} ${'more '.repeat((i * 53) % 400)}` })
    if (i % 7 === 5) await ann.ask('DELETE', path(i * 11))
    if (i % 9 === 4) {
      await server.services.packer.packAll()
      await assertPacked(room.id)
    }
  }
  await server.services.packer.packAll()
  assert.ok((await assertPacked(room.id)).length > 5)
})

test('a room of which everything was deleted has no packs', async () => {
  const room = await ann.createRoom('Emptied')
  const sent = [await ann.send(room.id, 'one'), await ann.send(room.id, 'two')]
  await server.services.packer.packAll()
  assert.equal((await assertPacked(room.id)).length, 1)
  for (const { id } of sent) await ann.ask('DELETE', `/api/rooms/${room.id}/messages/${id}/`)
  await server.services.packer.packAll()
  assert.deepEqual(await assertPacked(room.id), [])
  await ann.send(room.id, 'three')
  await server.services.packer.packAll()
  assert.equal((await assertPacked(room.id)).length, 1)
})

test('two that pack at once do it once', async () => {
  const room = await ann.createRoom('Raced')
  for (let i = 0; i < 20; i++) await ann.send(room.id, `message ${i}`)
  await Promise.all([server.services.packer.packAll(), server.services.packer.packAll()])
  await server.services.packer.packAll()
  await assertPacked(room.id)
})
