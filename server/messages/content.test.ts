import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import type { HistoryPage, MessageAdded } from '@grandchat/contracts/messages/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { sql } from 'kysely'
import { fingerprint } from '../testing/bad-input.ts'
import type { Answer, Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let ann: Person
let room: OwnRoom
before(async () => {
  server = await startTestServer()
  ann = await server.member('ann')
  room = await ann.createRoom('Kitchen')
})
after(() => server.stop())

const post = (body: object): Promise<Answer<MessageAdded & ErrorBody>> =>
  ann.ask('POST', `/api/rooms/${room.id}/messages/`, body)

const newest = async () => (await ann.get<HistoryPage>(`/api/rooms/${room.id}/messages/?limit=1`)).results[0]!

const accepted: [what: string, sent: string, stored?: string][] = [
  ['one letter', 'a'],
  ['an emoji', '🙂'],
  ['a family of one emoji', '👨‍👩‍👧‍👦'],
  ['text between spaces and newlines', ' \n\t hello \r\n ', 'hello'],
  ['text after a byte order mark', '\ufeffhello', 'hello'],
  ['a byte order mark inside', 'he\ufeffllo'],
  ['lines of Windows', 'a\r\nb\r\n\r\nc', 'a\nb\n\nc'],
  ['tabs and newlines inside', 'a\tb\nc'],
  ['exactly 5,000 letters', 'x'.repeat(5_000)],
  ['exactly 5,000 letters between spaces', ` ${'x'.repeat(5_000)}\n`, 'x'.repeat(5_000)],
  ['exactly 5,000 emoji of two units', '🙂'.repeat(5_000)],
  ['4,999 combining marks on a letter', `a${'\u0301'.repeat(4_999)}`],
  ['a right-to-left override', 'abc\u202edef'],
  ['Arabic', 'مرحبا'],
  ['a noncharacter', 'a\ufffeb'],
  ['a noncharacter of another plane', 'a\u{1fffe}b'],
  ['a zero-width space inside', 'a\u200bb'],
  ['line and paragraph separators inside', 'a\u2028b\u2029c'],
  ['a replacement character', '\ufffd'],
  ['a script', '<script>alert(1)</script>'],
  ['an image with a handler', '<img src=x onerror=alert(1)>'],
  ['a script in a link', '[x](javascript:alert(1))'],
  ['entities', '&lt;b&gt; &amp;amp; &#0;'],
  ['JSON', '{"__proto__":{"a":1}}'],
  ['SQL', "'; drop table messages; --"],
  ['wildcards', '%_\\'],
  ['a template', '${process.env.HOME} {{7*7}}'],
  ['the word null', 'null'],
]
for (const [what, sent, stored = sent] of accepted) {
  test(`a message of ${what} is stored as it will be shown`, async () => {
    const { status, body, text, headers } = await post({ content: sent })
    assert.equal(status, 201, text.slice(0, 200))
    assert.equal(body.content, stored)
    assert.equal((await newest()).content, stored)
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    const preview = (await ann.get<OwnRoom>(`/api/rooms/${room.id}/`)).last_message!.content
    assert.equal(preview, Array.from(stored).slice(0, 280).join(''))
    assert.equal(body.room.last_message!.content, preview)
    assert.ok(preview.isWellFormed())
  })
}

const refused: [what: string, content: unknown, problem: string][] = [
  ['nothing', '', 'is empty'],
  ['spaces', '   ', 'is empty'],
  ['newlines', '\n\r\n\t', 'is empty'],
  ['no-break spaces', '\u00a0\u2007\u3000', 'is empty'],
  ['a zero-width space', '\u200b', 'is empty'],
  ['zero-width characters', '\u200b\u200c\u200d\u2060\ufeff', 'is empty'],
  ['blank Braille', '\u2800\u2800', 'is empty'],
  ['a blank Hangul letter', '\u3164', 'is empty'],
  ['a soft hyphen', '\u00ad', 'is empty'],
  ['direction marks', '\u200e\u200f\u202a\u202e', 'is empty'],
  ['a variation selector', '\ufe0f', 'is empty'],
  ['combining marks alone', '\u0301\u0302', 'is empty'],
  ['a byte order mark', '\ufeff', 'is empty'],
  ['a noncharacter alone', '\ufffe', 'is empty'],
  ['5,001 letters', 'x'.repeat(5_001), 'is longer than 5000 characters'],
  ['5,001 emoji', '🙂'.repeat(5_001), 'is longer than 5000 characters'],
  ['10,000 combining marks on a letter', `a${'\u0301\u0316'.repeat(5_000)}`, 'is longer than 5000 characters'],
  ['60,000 letters', 'x'.repeat(60_000), 'is longer than 5000 characters'],
  ['NUL', 'a\u0000b', 'contains control characters'],
  ['a bell', 'a\u0007b', 'contains control characters'],
  ['an escape sequence', '\u001b[31mred', 'contains control characters'],
  ['a carriage return alone', 'a\rb', 'contains control characters'],
  ['a control character of Latin-1', 'a\u009bb', 'contains control characters'],
  ['half an emoji', 'a\ud83d', 'contains broken characters'],
  ['the other half', '\ude42a', 'contains broken characters'],
  ['halves in the wrong order', '\ude42\ud83d', 'contains broken characters'],
]
for (const [what, content, problem] of refused) {
  test(`a message of ${what} is refused`, async () => {
    const before = await fingerprint(server.services)
    const { status, body } = await post({ content })
    assert.deepEqual([status, body.code, body.fields], [400, 'invalid_input', { content: problem }])
    assert.equal(await fingerprint(server.services), before)
  })
}

const noKeys: unknown[] = [
  '',
  'x',
  '1',
  1,
  null,
  [],
  {},
  true,
  '0d3b7a54-1f0e-4a43-9c39-5a3a5bb2f9a',
  '{0d3b7a54-1f0e-4a43-9c39-5a3a5bb2f9a5}',
  '0d3b7a541f0e4a439c395a3a5bb2f9a5',
  'urn:uuid:0d3b7a54-1f0e-4a43-9c39-5a3a5bb2f9a5',
  "0d3b7a54-1f0e-4a43-9c39-5a3a5bb2f9a5' or 1=1",
  '0d3b7a54-1f0e-4a43-9c39-5a3a5bb2f9a5\u0000',
]

test('what is no UUID is no client_message_id', async () => {
  for (const key of noKeys) {
    const { status, body } = await post({ content: 'hello', client_message_id: key })
    assert.deepEqual([status, Object.keys(body.fields ?? {})], [400, ['client_message_id']], JSON.stringify(key))
  }
})

test('a client_message_id in capital letters is the same one', async () => {
  const key = '0d3b7a54-1f0e-4a43-9c39-5a3a5bb2f9a5'
  const first = await post({ content: 'once', client_message_id: key })
  const again = await post({ content: ' once\r\n', client_message_id: key.toUpperCase() })
  assert.deepEqual([first.status, again.status], [201, 200])
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal(again.body.seq, first.body.seq)
})

test('what a request says about the message besides its text is not believed', async () => {
  const bob = await server.member('bob')
  const wishes = {
    id: 1, seq: 1, version: 1, user_id: bob.id, user: { id: bob.id }, author_id: bob.id, room_id: 999, kind: 'system', type: 'system',
    created_at: '2000-01-01T00:00:00.000000Z', edited_at: '2000-01-01T00:00:00.000000Z', deleted_at: '2000-01-01T00:00:00.000000Z', props: { html: true },
  } // prettier-ignore
  const { status, body } = await post({ content: 'mine', ...wishes })
  assert.equal(status, 201)
  assert.equal(body.user.id, ann.id)
  assert.equal(body.room_id, room.id)
  assert.deepEqual([body.kind, body.edited_at, body.deleted_at], ['user', null, null])
  assert.ok(body.id > 1 && body.seq! > 1 && body.version > 1 && body.created_at > '2020')
  assert.ok(!('props' in body))
})

test('a thousand posts of one key at once are one message', async () => {
  const mia = await server.member('mia')
  await mia.join(room.id)
  const body = { content: 'only once', client_message_id: 'b5d1f0f4-52ab-4c5f-8c5e-0d6f4c1f8a11' }
  await mia.csrf()
  const send = () => mia.ask<MessageAdded>('POST', `/api/rooms/${room.id}/messages/`, body)
  const answers = await Promise.all(Array.from({ length: 1_000 }, send))
  const statuses = answers.map((answer) => answer.status)
  assert.equal(statuses.filter((status) => status === 201).length, 1)
  assert.equal(statuses.filter((status) => status === 200).length, 999)
  assert.equal(new Set(answers.map((answer) => answer.body.seq)).size, 1)
  assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1)
  const { rows } = await sql`select 1 from messages where content = 'only once'`.execute(server.services.db)
  assert.equal(rows.length, 1)
})

const names: [name: string, shown: string | null][] = [
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['"quoted" & \'more\'', '"quoted" & \'more\''],
  ['  many   spaces\t ', null],
  ['many  spaces', 'many spaces'],
  ['x'.repeat(100), 'x'.repeat(100)],
  ['🙂'.repeat(100), '🙂'.repeat(100)],
  ['x'.repeat(101), null],
  ['x'.repeat(120_000), null],
  ['', null],
  [' ', null],
  ['\u200b', null],
  ['\u2800', null],
  ['a\u0000b', null],
  ['a\nb', null],
  ['a\u2028b', null],
  ['a\ufffeb', null],
  ['a\ud800', null],
  ['\u001b[31m', null],
  ['__proto__', '__proto__'],
]
for (const [name, shown] of names) {
  test(`${JSON.stringify(name.slice(0, 40))} ${shown === null ? 'cannot be' : 'can be'} the name of a room`, async () => {
    const answer = await ann.ask<OwnRoom & ErrorBody>('POST', '/api/rooms/', { name, kind: 'private' })
    if (shown === null) {
      assert.deepEqual([answer.status, Object.keys(answer.body.fields ?? {})], [400, ['name']])
      return
    }
    assert.deepEqual([answer.status, answer.body.name], [201, shown])
    assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8')
    const found = await ann.get<{ results: { id: number; name: string }[] }>(
      `/api/search/?q=${encodeURIComponent(shown)}`,
    )
    assert.ok(found.results.some((each) => each.id === answer.body.id && each.name === shown))
  })
}

test('a search takes its words as they are', async () => {
  const percent = await ann.createRoom('100% sure_thing \\o/')
  for (const q of ['100%', 'sure_thing', '\\o/', '% sure_']) {
    const { results } = await ann.get<{ results: { id: number }[] }>(`/api/search/?q=${encodeURIComponent(q)}`)
    assert.deepEqual(
      results.map((each) => each.id),
      [percent.id],
      q,
    )
  }
  for (const q of ['100_', '1%e', "'", '%%', ':*', '&|!()']) {
    const { results } = await ann.get<{ results: { id: number }[] }>(`/api/search/?q=${encodeURIComponent(q)}`)
    assert.ok(
      results.every((each) => each.id !== percent.id),
      q,
    )
  }
})
