import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import type { User } from '@grandchat/contracts/users/schema'
import type { Answer, Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let olga: Person
before(async () => {
  server = await startTestServer()
  olga = await server.owner()
})
after(() => server.stop())

const create = (account: Record<string, unknown>): Promise<Answer<User & ErrorBody>> =>
  olga.ask('POST', '/api/users/', { password: 'a long password', ...account })

const accepted: [given: string, kept: string][] = [
  ['li', 'li'],
  ['x'.repeat(40), 'x'.repeat(40)],
  ['Zoë.Example-1_2', 'Zoë.Example-1_2'],
  ['Zoe\u0308.Decomposed', 'Zoë.Decomposed'],
  ['Дмитрий', 'Дмитрий'],
  ['李小龍', '李小龍'],
  ['नमस्ते', 'नमस्ते'],
  ['𝔊𝔢𝔬𝔯𝔤', 'Georg'],
  ['ｗｉｄｅ', 'wide'],
  ['ﬁsher', 'fisher'],
  ['２３４', '234'],
  [' padded ', 'padded'],
  ['𐐷'.repeat(40), '𐐷'.repeat(40)],
  ['all-of-us', 'all-of-us'],
]
for (const [given, kept] of accepted) {
  test(`${JSON.stringify(given)} can be a username and is kept as ${JSON.stringify(kept)}`, async () => {
    const { status, body, text } = await create({ username: given })
    assert.equal(status, 201, text)
    assert.deepEqual(body, { id: body.id, username: kept, display_name: null, avatar: null })
  })
}

const refused: [what: string, username: unknown][] = [
  ['one letter', 'x'],
  ['41 letters', 'x'.repeat(41)],
  ['41 characters of two units', '𐐷'.repeat(41)],
  ['a letter that NFKC makes 18', 'ﷺﷺﷺ'],
  ['nothing', ''],
  ['spaces', '    '],
  ['a space inside', 'ann smith'],
  ['a no-break space inside', 'ann\u00a0smith'],
  ['a zero-width space', 'admin\u200b'],
  ['a zero-width joiner', 'ad\u200dmin'],
  ['a word joiner', 'ann\u2060'],
  ['a byte order mark inside', 'an\ufeffn'],
  ['a soft hyphen', 'an\u00adn'],
  ['a right-to-left override', 'ann\u202etxt'],
  ['a right-to-left mark', 'ann\u200f'],
  ['an isolate', '\u2066ann\u2069'],
  ['a variation selector of tags', 'ann\u{e0061}'],
  ['NUL', 'ann\u0000'],
  ['a newline', 'ann\nsmith'],
  ['a lone surrogate', 'ann\ud800'],
  ['a noncharacter', 'ann\ufffe'],
  ['a private character', 'ann\ue000'],
  ['an emoji', 'ann🙂'],
  ['a slash', 'ann/../olga'],
  ['an at sign', '@ann'],
  ['a mark-up', '<b>ann</b>'],
  ['a comma', 'ann,bob'],
  ['a colon', 'personal:1'],
  ['dots alone', '....'],
  ['dashes and underscores alone', '-_-'],
  ['a combining mark alone', '\u0301\u0301'],
  ['a blank Hangul letter', '\u3164\u3164'],
  ['a blank letter after a name', 'ann\u3164'],
  ['a variation selector', 'ann\ufe0f'],
  ['a grapheme joiner', 'an\u034fn'],
  ['a mark before the first letter', '\u0301ann'],
  ['a tower of marks', `an${'\u0489'.repeat(10)}`],
  ['blank Braille', '\u2800\u2800'],
  ['a million letters', 'x'.repeat(100_000)],
  ['a number', 42],
  ['null', null],
  ['a list', ['ann']],
  ['an object', { $ne: null }],
]
for (const [what, username] of refused) {
  test(`${what} cannot be a username`, async () => {
    const { status, body } = await create({ username })
    assert.deepEqual([status, body.code, Object.keys(body.fields ?? {})], [400, 'invalid_input', ['username']])
  })
}

for (const word of [
  'everyone',
  'all',
  'here',
  'channel',
  'system',
  'admin',
  'root',
  'null',
  'Everyone',
  'ＨＥＲＥ',
  'adⅿin',
]) {
  test(`${word} is reserved`, async () => {
    const { status, body } = await create({ username: word })
    assert.deepEqual([status, body.fields], [400, { username: 'is reserved, choose another' }])
  })
}

const sameNames: string[][] = [
  ['Stefan', 'stefan', 'STEFAN', 'ｓｔｅｆａｎ', 'ﬆefan'],
  ['straße', 'STRASSE', 'strasse'],
  ['Ὀδυσσεύς', 'ὀδυσσεύσ', 'ὈΔΥΣΣΕΎΣ'],
  ['café', 'cafe\u0301', 'CAFÉ'],
]
for (const names of sameNames) {
  test(`${names.join(', ')} are one name`, async () => {
    const answers = await Promise.all(names.map((username) => create({ username })))
    const statuses = answers.map((answer) => answer.status).toSorted((a, b) => a - b)
    assert.deepEqual(statuses, [201, ...names.slice(1).map(() => 409)])
    const taken = answers.find((answer) => answer.status === 409)!
    assert.deepEqual(taken.body, {
      detail: 'this username is taken',
      code: 'username_taken',
      fields: { username: 'is taken' },
    })
  })
}

const passwords: [what: string, password: unknown, status: number][] = [
  ['7 characters', 'x'.repeat(7), 400],
  ['8 characters', 'x'.repeat(8), 201],
  ['7 characters of two units', '🙂'.repeat(7), 400],
  ['128 characters', 'x'.repeat(128), 201],
  ['128 characters of two units', '🙂'.repeat(128), 201],
  ['129 characters', 'x'.repeat(129), 400],
  ['8 spaces', ' '.repeat(8), 201],
  ['NULs', '\u0000'.repeat(8), 201],
  ['a lone surrogate', `\ud800${'x'.repeat(10)}`, 400],
  ['nothing', '', 400],
  ['a number', 12_345_678, 400],
  ['a list', Array(10).fill('x'), 400],
]
for (const [what, password, status] of passwords) {
  test(`a password of ${what} is ${status === 201 ? 'taken' : 'refused'} and means what it says`, async () => {
    const username = `pw-${what.replaceAll(' ', '-')}`
    const answer = await create({ username, password })
    assert.equal(answer.status, status, answer.text)
    if (status === 201) await server.visitor().signIn(username, password as string)
    else assert.deepEqual(Object.keys(answer.body.fields ?? {}), ['password'])
  })
}

test('what else a request says about the account is not believed', async () => {
  const wishes = { id: 1, role: 'owner', is_admin: true, created_at: '2000-01-01', disabled_at: null, version: 99 }
  const { status, body } = await create({ username: 'wanda', ...wishes })
  assert.equal(status, 201)
  assert.notEqual(body.id, 1)
  const wanda = await server.visitor().signIn('wanda', 'a long password')
  assert.equal((await wanda.me()).role, 'member')
  assert.equal((await wanda.ask('POST', '/api/users/', { username: 'more', password: 'a long password' })).status, 403)
})

test('an e-mail address is checked and shown to nobody', async () => {
  for (const email of [
    'nonsense',
    'a@b',
    `${'x'.repeat(300)}@example.com`,
    'a@example.com\nbcc: b@example.com',
    5,
    null,
  ]) {
    assert.equal((await create({ username: 'mailer', email })).status, 400, String(email))
  }
  const { status, text } = await create({ username: 'mailer', email: 'mailer@example.com' })
  assert.equal(status, 201)
  assert.ok(!text.includes('example.com'))
})
