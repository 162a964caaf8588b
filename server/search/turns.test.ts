import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { startTestServer } from '../testing/server.ts'

test('people who search without end leave connections for everybody else', async (t) => {
  const server = await startTestServer({}, { lockTimeoutMs: 60_000 })
  t.after(() => server.stop())
  const { db } = server.services
  const searchers = [await server.member('ann'), await server.member('bob'), await server.member('cat')]
  for (const person of searchers) await person.createRoom('a room to look in')
  const reader = await server.member('reader')
  const searches = await db.transaction().execute(async (tx) => {
    // As slow as a search can be.
    await sql`lock table search_packs, search_rooms in access exclusive mode`.execute(tx)
    const asked = searchers.flatMap((person) =>
      Array.from({ length: 6 }, () => person.ask('GET', '/api/search/messages/?q=needle')),
    )
    for (let waiting = 0; waiting < 4;) {
      const { rows } = await sql<{ n: number }>`
        select count(*) as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
      waiting = rows[0]!.n
    }
    await reader.get('/api/rooms/')
    return asked
  })
  for (const { status } of await Promise.all(searches)) assert.equal(status, 200)
})
