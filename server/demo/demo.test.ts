import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { Page } from '../http/paging.ts'
import { StartError } from '../start-error.ts'
import { startTestServer } from '../testing/server.ts'
import { readOptions } from '../options.ts'
import { makeDemo } from './make.ts'

test('the demo makes people and rooms that work like any other, and says how to sign in', async (t) => {
  const server = await startTestServer()
  t.after(() => server.stop())
  const said: string[] = []
  await makeDemo(server.services.db, (line) => said.push(line))
  const password = /password of each of them: (\S+)/.exec(said.join('\n'))![1]!
  const ann = await server.visitor().signIn('ann', password)
  assert.equal((await ann.me()).role, 'owner')
  const { results } = await ann.get<Page<OwnRoom>>('/api/rooms/')
  assert.deepEqual(results.map(({ name }) => name).toSorted(), [
    '',
    '',
    'Centrifugo',
    'Football',
    'Movies',
    'Programming',
  ])
  for (const room of results) {
    const sent = await ann.send(room.id, 'and it goes on')
    assert.deepEqual([sent.seq, sent.version], [room.last_seq + 1, room.version + 1])
  }
})

test('versions, seqs and counts of the demo are what the use cases would have left', async (t) => {
  const server = await startTestServer()
  t.after(() => server.stop())
  await makeDemo(server.services.db, () => undefined)
  const { rows } = await sql<{ ok: boolean }>`
    select r.last_seq = (select max(seq) from messages where room_id = r.id)
      and r.member_count = (select count(*) from memberships where room_id = r.id and left_at is null)
      and r.bumped_at = (select created_at from messages where id = r.last_message_id)
      and r.version = (select count(distinct version) from memberships where room_id = r.id)
        + (select count(*) from messages where room_id = r.id and kind = 'user')
        + (select count(*) from message_edits e join messages m on m.id = e.message_id where m.room_id = r.id)
        + (select count(*) from reactions e join messages m on m.id = e.message_id where m.room_id = r.id)
        + (select count(*) from pins where room_id = r.id)
      and not exists (
        select version from messages where room_id = r.id and kind = 'user'
        intersect select version from memberships where room_id = r.id
      ) as ok
    from rooms r`.execute(server.services.db)
  assert.deepEqual(
    rows,
    Array.from({ length: 6 }, () => ({ ok: true })),
  )
})

test('the demo shows what can be done to messages', async (t) => {
  const server = await startTestServer()
  t.after(() => server.stop())
  const said: string[] = []
  await makeDemo(server.services.db, (line) => said.push(line))
  const ann = await server.visitor().signIn('ann', /password of each of them: (\S+)/.exec(said.join('\n'))![1])
  const { results } = await ann.get<Page<OwnRoom>>('/api/rooms/')
  const room = results.find(({ name }) => name === 'Centrifugo')!
  const page = await ann.get<HistoryPage>(`/api/rooms/${room.id}/messages/?limit=100`)
  const shown = new Map(page.results.map((message) => [message.id, message]))
  const answer = page.results.find(({ reply_to }) => reply_to !== null)!
  assert.ok(shown.get(answer.reply_to!))
  assert.ok(page.results.some(({ edited_at }) => edited_at !== null))
  assert.deepEqual(
    page.threads.map(({ message_count }) => message_count),
    [4],
  )
  assert.ok(page.reactions.some(({ count }) => count > 1))
  assert.deepEqual(
    page.pins.map(({ message_id }) => shown.get(message_id)!.content.slice(0, 10)),
    ['Also check'],
  )
  assert.deepEqual(
    page.results.flatMap(({ system }) => system?.type ?? []),
    ['pinned', ...Array<string>(7).fill('joined'), 'created'],
  )
})

test('it refuses where there are users', async (t) => {
  const server = await startTestServer()
  t.after(() => server.stop())
  await server.owner()
  await assert.rejects(
    makeDemo(server.services.db, () => undefined),
    StartError,
  )
})

test('an unknown option is an error, not ignored', () => {
  assert.deepEqual(readOptions(['--demo']), { isDemo: true, isRestored: false })
  assert.deepEqual(readOptions([]), { isDemo: false, isRestored: false })
  assert.throws(() => readOptions(['--demmo']), StartError)
})
