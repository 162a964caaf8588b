import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import pg from 'pg'
import { startTestPostgres } from './embedded-postgres/testing.ts'
import { afterwards } from './testing/afterwards.ts'
import { createTestDatabase } from './testing/database.ts'
import { folder, launch, type Settings } from './testing/launch.ts'
import { Person } from './testing/person.ts'

async function startMain(t: TestContext, settings: Settings, args: string[] = []): Promise<{ url: string }> {
  return { url: await launch(t, settings, args).running }
}

/** What a start that cannot work says, and with which code it ends. */
async function refusal(
  t: TestContext,
  settings: Settings,
  args: string[] = [],
): Promise<{ code: number | string; said: string }> {
  const { child, ended, output, running } = launch(t, settings, args)
  running.then(
    () => child.kill('SIGTERM'),
    () => undefined,
  )
  const code = await ended
  return { code, said: output().trim().split('\n').at(-1) ?? '' }
}

async function database(t: TestContext): Promise<string> {
  const made = await createTestDatabase()
  afterwards(t, () => made.drop())
  return made.url
}

test('with an empty folder and no settings it makes its own database, and a second start keeps everything', async (t) => {
  const DATA_DIR = await folder(t)
  const first = launch(t, { DATA_DIR })
  const url = await first.running
  const olga = await new Person(url).setUp('olga')
  const room = await olga.createRoom('General')
  await olga.send(room.id, 'still here tomorrow')
  first.child.kill('SIGTERM')
  assert.equal(await first.ended, 0)
  const second = await startMain(t, { DATA_DIR })
  const again = new Person(second.url)
  again.cookie = olga.cookie
  const { results } = await again.get<{ results: { content: string }[] }>(`/api/rooms/${room.id}/messages/`)
  assert.equal(results[0]!.content, 'still here tomorrow', 'also the session is still good')
})

test('after kill -9 the next start recovers by itself and has every acknowledged message', async (t) => {
  const DATA_DIR = await folder(t)
  const first = launch(t, { DATA_DIR })
  const olga = await new Person(await first.running).setUp('olga')
  const room = await olga.createRoom('General')
  const acknowledged: string[] = []
  const sending = (async () => {
    for (let i = 0; ; i++) {
      await olga.send(room.id, `m${i}`)
      acknowledged.push(`m${i}`)
      if (acknowledged.length === 50) first.child.kill('SIGKILL')
    }
  })()
  await assert.rejects(sending)
  await first.ended
  const second = await startMain(t, { DATA_DIR })
  const again = new Person(second.url)
  again.cookie = olga.cookie
  const { results } = await again.get<{ results: { content: string }[] }>(`/api/rooms/${room.id}/messages/?limit=100`)
  const kept = new Set(results.map(({ content }) => content))
  assert.deepEqual(
    acknowledged.filter((content) => !kept.has(content)),
    [],
  )
})

test('a taken port, a data directory in use, an unreachable database and bad settings: one sentence and exit 1', async (t) => {
  const DATABASE_URL = await database(t)
  const DATA_DIR = await folder(t)
  await startMain(t, { DATA_DIR, DATABASE_URL })
  const occupied = createServer().listen(0, '127.0.0.1')
  afterwards(t, () => occupied.close())
  await once(occupied, 'listening')
  const port = String((occupied.address() as AddressInfo).port)
  const file = join(await folder(t), 'file')
  await writeFile(file, '')
  const cases: [settings: Settings, said: RegExp, args?: string[]][] = [
    [{ DATABASE_URL, DATA_DIR: await folder(t), PORT: port }, /^Port \d+ is taken/],
    [{ DATABASE_URL, DATA_DIR }, /already in use by another GrandChat/],
    [{ DATABASE_URL, DATA_DIR: file }, /cannot be written/],
    [
      { DATABASE_URL: 'postgres://me:hush@127.0.0.1:1/none', DATA_DIR: await folder(t) },
      /^The database cannot be reached/,
    ],
    [{ PORT: 'http' }, /^PORT must be a port number/],
    [
      { PORT: '99999', PUBLIC_URL: 'chat.example.com', TRUSTED_PROXIES: 'everyone' },
      /PORT must .* PUBLIC_URL must .* TRUSTED_PROXIES must /,
    ],
    [{ HOST: '203.0.113.7', DATABASE_URL, DATA_DIR: await folder(t) }, /^HOST is no address of this machine/],
    [{}, /Unknown option --dem\b/, ['--dem']],
  ]
  for (const [settings, expected, args] of cases) {
    const { code, said } = await refusal(t, settings, args)
    assert.match(said, expected)
    assert.equal(code, 1, said)
    assert.doesNotMatch(said, /hush|\n|    at /)
  }
})

test('an older copy that is put back is another database to clients, if its start is told so', async (t) => {
  const DATABASE_URL = await database(t)
  const epochOf = async (args: string[]) => {
    const started = launch(t, { DATA_DIR: await folder(t), DATABASE_URL, SECRET: 'x'.repeat(32) }, args)
    const ann = new Person(await started.running)
    await ann.setUp('olga', /code: (\S+)/.exec(started.output())?.[1]).catch(() => ann.signIn('olga'))
    const { epoch } = await ann.post<{ epoch: string }>('/api/sync/', {
      user_version: 0,
      workspace_version: 0,
      rooms: {},
      open: [],
    })
    started.child.kill('SIGTERM')
    await started.ended
    return epoch
  }
  const first = await epochOf([])
  assert.equal(await epochOf([]), first)
  const restored = await epochOf(['--restored'])
  assert.notEqual(restored, first)
  assert.equal(await epochOf([]), restored)
})

test('the demo refuses a database that has users and leaves it alone', async (t) => {
  const DATABASE_URL = await database(t)
  const first = launch(t, { DATA_DIR: await folder(t), DATABASE_URL })
  await new Person(await first.running).setUp('olga')
  first.child.kill('SIGINT')
  await first.ended
  const { code, said } = await refusal(t, { DATA_DIR: await folder(t), DATABASE_URL }, ['--demo'])
  assert.equal(code, 1)
  assert.match(said, /this one has users/)
})

test('two backends may start on one empty database at once: one migrates, both serve', async (t) => {
  const empty = await createTestDatabase({ isEmpty: true })
  afterwards(t, () => empty.drop())
  const { url } = empty
  const both = await Promise.all([
    startMain(t, { DATA_DIR: await folder(t), DATABASE_URL: url }),
    startMain(t, { DATA_DIR: await folder(t), DATABASE_URL: url }),
  ])
  for (const { url } of both) assert.equal((await fetch(`${url}/health/ready`)).status, 200)
})

test('SIGTERM answers what is in flight, tells sockets to come back, and stops the embedded database too', async (t) => {
  const DATA_DIR = await folder(t)
  const started = launch(t, { DATA_DIR })
  const olga = await new Person(await started.running).setUp('olga')
  const room = await olga.createRoom('General')
  const inFlight = Array.from({ length: 20 }, (_, i) =>
    olga.ask('POST', `/api/rooms/${room.id}/messages/`, { content: `m${i}` }),
  )
  await Promise.race(inFlight)
  started.child.kill('SIGTERM')
  const statuses = (await Promise.all(inFlight)).map(({ status }) => status)
  assert.deepEqual(new Set(statuses), new Set([201]))
  assert.equal(await started.ended, 0)
  assert.match(started.output(), /Stopped\.\n$/)
})

test('while its database is away it answers 503 and signs nobody out; when that is back it goes on', async (t) => {
  const postgres = await startTestPostgres()
  afterwards(t, () => postgres.stop())
  const { url } = await startMain(t, { DATA_DIR: await folder(t), DATABASE_URL: postgres.url })
  const olga = await new Person(url).setUp('olga')
  const admin = new pg.Client({ connectionString: postgres.url })
  admin.on('error', () => undefined)
  await admin.connect()
  await olga.me()
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'grandchat'`)
  const answers = await Promise.all(Array.from({ length: 20 }, () => olga.ask('GET', '/api/me/')))
  assert.ok(
    answers.every(({ status }) => status === 200 || status === 503),
    JSON.stringify(answers.map(({ status }) => status)),
  )
  assert.equal((await olga.ask('GET', '/api/me/')).status, 200)
  await admin.end()
  await postgres.stop()
  const away = await olga.ask('GET', '/api/me/')
  assert.equal(away.status, 503)
  assert.ok(away.headers.get('retry-after'))
  assert.equal((await fetch(`${url}/health/live`)).status, 200)
  assert.equal((await fetch(`${url}/health/ready`)).status, 503)
})

test('what is logged when the database refuses a row does not hold what is in it', async (t) => {
  const DATABASE_URL = await database(t)
  const started = launch(t, { DATA_DIR: await folder(t), DATABASE_URL, LOG_LEVEL: 'info' })
  const olga = await new Person(await started.running).setUp('olga')
  const room = await olga.createRoom('General')
  const admin = new pg.Client({ connectionString: DATABASE_URL })
  await admin.connect()
  await admin.query(`alter table messages add check (content not like '%canary%')`)
  await admin.end()
  const { status } = await olga.ask('POST', `/api/rooms/${room.id}/messages/`, { content: 'the canary sings' })
  assert.equal(status, 500)
  started.child.kill('SIGTERM')
  await started.ended
  assert.match(started.output(), /request failed/)
  assert.doesNotMatch(started.output(), /the canary sings/)
})
