import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { User } from '@grandchat/contracts/users/schema'
import type { Page } from '../http/paging.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let ann: Person
before(async () => {
  server = await startTestServer()
  ann = await server.member('ann')
  for (const name of ['Hannah', 'joanna', 'per_cent']) await server.member(name)
})
after(() => server.stop())

const found = async (q: string) =>
  (await ann.get<Page<User>>(`/api/users/?q=${encodeURIComponent(q)}`)).results.map(({ username }) => username)

test('people are found by a part of their names, those first whose names begin with it', async () => {
  assert.deepEqual(await found('ANN'), ['ann', 'Hannah', 'joanna'])
  assert.deepEqual(await found('r_c'), ['per_cent'])
  assert.deepEqual(await found('%'), [])
  assert.deepEqual(await found(''), ['ann', 'Hannah', 'joanna', 'olga', 'per_cent'])
  await server.services.db.updateTable('users').set({ display_name: 'Zoë Marie' }).where('id', '=', ann.id).execute()
  assert.deepEqual(await found('marie'), ['ann'])
})

test('people are found by what they do, after those who are called like it', async () => {
  const { db } = server.services
  await db.updateTable('users').set({ title: 'Gardener for Joanna' }).where('username', '=', 'Hannah').execute()
  assert.deepEqual(await found('joanna'), ['joanna', 'Hannah'])
  assert.deepEqual(await found('GARDEN'), ['Hannah'])
})

test('who cannot come in any more is not offered', async () => {
  const gone = await server.member('gone')
  assert.deepEqual(await found('gone'), ['gone'])
  await server.services.db
    .updateTable('users')
    .set({ disabled_at: '2026-11-22T09:00:00Z' })
    .where('id', '=', gone.id)
    .execute()
  assert.deepEqual(await found('gone'), [])
  await ann.post('/api/direct/', { user_ids: [gone.id] }, 404)
})
