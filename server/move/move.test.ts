import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import pg from 'pg'
import { afterwards } from '../testing/afterwards.ts'
import { createTestDatabase } from '../testing/database.ts'
import { folder, launch } from '../testing/launch.ts'
import { Person } from '../testing/person.ts'

const program = join(import.meta.dirname, 'main.ts')

async function database(t: TestContext, isEmpty = true): Promise<string> {
  const made = await createTestDatabase({ isEmpty })
  afterwards(t, () => made.drop())
  return made.url
}

/** Runs `npm run move`; its exit code and what it said last. */
async function runMove(t: TestContext, DATA_DIR: string, ...args: string[]) {
  const { ended, output } = launch(t, { DATA_DIR }, args, program)
  const code = await ended
  return { code, said: output().trim().split('\n').at(-1) ?? '', output: output() }
}

/** A small installation with its owner, a room and some messages; stopped. */
async function makeInstallation(t: TestContext) {
  const DATA_DIR = await folder(t)
  const { child, ended, running } = launch(t, { DATA_DIR })
  const olga = await new Person(await running).setUp('olga')
  const room = await olga.createRoom('General')
  for (let n = 1; n <= 20; n++) await olga.send(room.id, `message ${n}: ü 😀 \\ tab\tline\nend`)
  child.kill('SIGTERM')
  assert.equal(await ended, 0)
  return { DATA_DIR, olga, room }
}

const rowsIn = async (url: string, table: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ n: number }>(`select count(*)::integer as n from ${table}`)
  await client.end()
  return rows[0]!.n
}

test('everything moves: who was signed in stays so, messages are there, and new ones get new numbers', async (t) => {
  const { DATA_DIR, olga, room } = await makeInstallation(t)
  const DATABASE_URL = await database(t)
  const { code, output } = await runMove(t, DATA_DIR, DATABASE_URL)
  assert.equal(code, 0, output)
  assert.match(output, /messages: 21 rows/)
  assert.doesNotMatch(output, new RegExp(new URL(DATABASE_URL).password), 'no password is shown')

  const { running } = launch(t, { DATA_DIR: await folder(t), DATABASE_URL })
  const again = new Person(await running)
  again.cookie = olga.cookie
  const before = await again.get<{ results: { id: number; seq: number; content: string }[] }>(
    `/api/rooms/${room.id}/messages/?limit=100`,
  )
  assert.equal(before.results.length, 21, 'with the line that tells who made the room')
  assert.equal(before.results[0]!.content, 'message 20: ü 😀 \\ tab\tline\nend')
  const sent = await again.send(room.id, 'from the new place')
  assert.equal(sent.seq, 21)
  assert.ok(sent.id > before.results[0]!.id)
  assert.ok((await again.createRoom('Second')).id > room.id)

  const old = launch(t, { DATA_DIR })
  assert.equal(await old.ended, 1)
  assert.match(old.output(), /was moved to 127\.0\.0\.1:\d+\/\w+: set DATABASE_URL/)
  assert.match((await runMove(t, DATA_DIR, await database(t))).said, /was moved to/)
})

test('a database with users, a running installation and a folder without one are refused, and nothing changes', async (t) => {
  const { DATA_DIR } = await makeInstallation(t)
  const used = await database(t)
  const other = launch(t, { DATA_DIR: await folder(t), DATABASE_URL: used })
  await new Person(await other.running).setUp('else')
  const toUsed = await runMove(t, DATA_DIR, used)
  assert.equal(toUsed.code, 1)
  assert.match(toUsed.said, /already has users/)
  assert.equal(await rowsIn(used, 'users'), 1)

  const empty = await database(t)
  assert.match((await runMove(t, await folder(t), empty)).said, /There is no database in/)
  assert.match((await runMove(t, DATA_DIR, 'postgres://127.0.0.1:1/none')).said, /cannot be reached/)
  assert.match((await runMove(t, DATA_DIR)).said, /^Usage:/)
  const again = launch(t, { DATA_DIR })
  await again.running
  assert.match((await runMove(t, DATA_DIR, empty)).said, /already in use by another GrandChat/)
})

test('a move that fails in the middle leaves no row behind, and can be done again', async (t) => {
  const { DATA_DIR } = await makeInstallation(t)
  const DATABASE_URL = await database(t, false)
  const client = new pg.Client({ connectionString: DATABASE_URL })
  await client.connect()
  await client.query(`alter table messages add constraint no_tenth check (content not like 'message 10:%')`)
  const failed = await runMove(t, DATA_DIR, DATABASE_URL)
  assert.equal(failed.code, 1)
  assert.equal(await rowsIn(DATABASE_URL, 'users'), 0)
  await client.query('alter table messages drop constraint no_tenth')
  await client.end()
  assert.equal((await runMove(t, DATA_DIR, DATABASE_URL)).code, 0)
  assert.equal(await rowsIn(DATABASE_URL, 'messages'), 21)
})
