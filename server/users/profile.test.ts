import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import type { SyncAnswer } from '@grandchat/contracts/sync/schema'
import type { Profile, Profiles } from '@grandchat/contracts/users/profile'
import type { Answer, Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let ann: Person
let bob: Person
before(async () => {
  server = await startTestServer()
  ;[ann, bob] = [await server.member('ann'), await server.member('bob')]
})
after(() => server.stop())

const change = (person: Person, body: unknown): Promise<Answer<Profiles & ErrorBody>> =>
  person.ask('PATCH', '/api/me/', body)
const profileOf = (person: Person, viewer = bob) => viewer.get<Profile>(`/api/users/${person.id}/`)
const syncSince = (person: Person, workspace_version: number) =>
  person.post<SyncAnswer>('/api/sync/', { epoch: server.services.epoch, workspace_version })
const soon = () => new Date(Date.now() + 3_600_000).toISOString()

test('what somebody says about themselves is there for everyone, and told to all at once', async () => {
  const listener = await server.listen(bob, 'workspace')
  const until = soon()
  const said = {
    display_name: '  Ann   Example ',
    title: 'Gardener',
    pronouns: 'she/her',
    time_zone: 'Europe/Berlin',
    status: { emoji: '🌱', text: 'Planting', until },
  }
  const { status, body } = await change(ann, said)
  assert.equal(status, 200)
  const [profile] = body.users
  assert.deepEqual(profile, {
    ...said,
    id: ann.id,
    username: 'ann',
    avatar: null,
    display_name: 'Ann Example',
    status: { ...said.status, until: until.replace('Z', '000Z') },
  })
  await server.services.announcer.drained()
  await listener.until((events) => events.length > 0)
  assert.deepEqual(listener.events, [{ type: 'workspace_changed', body }])
  assert.deepEqual(await profileOf(ann), profile)
  assert.deepEqual((await syncSince(bob, body.workspace_version - 1)).workspace.users, [profile])
  assert.deepEqual((await ann.me()).display_name, 'Ann Example')
})

test('what is left out stays, and null or an empty text takes it away', async () => {
  await change(ann, { title: 'Gardener', pronouns: 'she/her', status: { emoji: '', text: 'Busy' } })
  await change(ann, { pronouns: '' })
  const kept = await profileOf(ann)
  assert.deepEqual([kept.title, kept.pronouns, kept.status?.text], ['Gardener', '', 'Busy'])
  await change(ann, { status: null, display_name: '', time_zone: null })
  const bare = await profileOf(ann)
  assert.deepEqual([bare.status, bare.display_name, bare.time_zone], [null, null, null])
})

test('each change is one version of the workspace, and what changes nothing is none', async () => {
  const { body: first } = await change(bob, { title: 'Cook' })
  const { body: second } = await change(bob, { title: 'Baker' })
  assert.equal(second.workspace_version, first.workspace_version + 1)
  const listener = await server.listen(ann, 'workspace')
  const { body: same } = await change(bob, { title: ' Baker ' })
  assert.deepEqual(same, second)
  assert.deepEqual((await change(bob, {})).body, second)
  const { body: third } = await change(bob, { title: 'Chef' })
  assert.equal(third.workspace_version, second.workspace_version + 1)
  await listener.until((events) => events.length > 0)
  assert.deepEqual(listener.events, [{ type: 'workspace_changed', body: third }])
})

test('many who change at once get versions without a gap, told in order', async () => {
  const people = await Promise.all(Array.from({ length: 8 }, (_, i) => server.member(`crowd${i}`)))
  const listener = await server.listen(ann, 'workspace')
  const answers = await Promise.all(people.map((person) => change(person, { title: 'One of many' })))
  const versions = answers.map(({ body }) => body.workspace_version).toSorted((a, b) => a - b)
  const [first = 0] = versions
  const expected = versions.map((_, i) => first + i)
  assert.deepEqual(versions, expected)
  await listener.until((events) => events.length === people.length)
  const heard = listener.events.map(({ body }) => (body as Profiles).workspace_version)
  assert.deepEqual(heard, expected)
})

test('a status that is over is none, also for those who sync', async () => {
  const { body } = await change(ann, { status: { emoji: '☕', text: 'Back soon', until: soon() } })
  const { db } = server.services
  await db.updateTable('users').set({ status_until: '2020-01-01T00:00:00Z' }).where('id', '=', ann.id).execute()
  assert.equal((await profileOf(ann)).status, null)
  assert.equal((await syncSince(bob, body.workspace_version - 1)).workspace.users[0]?.status, null)
})

test('several people are read at one version, each once, and nobody for ids of nobody', async () => {
  const { users, workspace_version } = await bob.get<Profiles>(
    `/api/profiles/?users=${bob.id},${ann.id},${ann.id},999999`,
  )
  assert.deepEqual(
    users.map(({ id }) => id),
    [ann.id, bob.id].toSorted((a, b) => a - b),
  )
  assert.equal(workspace_version, (await syncSince(bob, 0)).workspace_version)
  assert.equal((await bob.ask('GET', '/api/users/999999/')).status, 404)
})

test('of more people than one answer lists the first come, and the rest with the next question', async () => {
  const { db } = server.services
  await db.transaction().execute(async (tx) => {
    const { version } = await tx.selectFrom('workspace').select('version').forUpdate().executeTakeFirstOrThrow()
    const values = Array.from({ length: 1_500 }, (_, i) => ({
      username: `filler${i}`,
      username_folded: `filler${i}`,
      display_name: null,
      email: null,
      password_hash: null,
      time_zone: null,
      avatar: null,
      role: 'member' as const,
      workspace_version: version + i + 1,
    }))
    for (let i = 0; i < values.length; i += 500) {
      await tx
        .insertInto('users')
        .values(values.slice(i, i + 500))
        .execute()
    }
    await tx
      .updateTable('workspace')
      .set({ version: version + 1_500 })
      .execute()
  })
  const { workspace_version: newest } = await bob.get<Profiles>(`/api/profiles/?users=${bob.id}`)
  const seen = new Set<number>()
  let since = newest - 1_500
  for (let questions = 0; since < newest; questions++) {
    assert.ok(questions < 2, 'two answers hold them all')
    const answer = await syncSince(bob, since)
    for (const { id } of answer.workspace.users) seen.add(id)
    since = answer.workspace_version
  }
  assert.equal(seen.size, 1_500)
})

const past = '2020-01-01T00:00:00Z'
const refused: [what: string, body: unknown, field: string][] = [
  ['a name of 61 characters', { display_name: 'x'.repeat(61) }, 'display_name'],
  ['a name that nobody sees', { display_name: '\u2800' }, 'display_name'],
  ['a name that turns the line around', { display_name: 'ann\u202etxt' }, 'display_name'],
  ['a name of two lines', { display_name: 'Ann\nExample' }, 'display_name'],
  ['a name of a lone surrogate', { display_name: 'Ann\ud800' }, 'display_name'],
  ['a title of 81 characters', { title: 'x'.repeat(81) }, 'title'],
  ['pronouns of 41 characters', { pronouns: 'x'.repeat(41) }, 'pronouns'],
  ['a time zone of nowhere', { time_zone: 'Europe/Atlantis' }, 'time_zone'],
  ['an offset for a time zone', { time_zone: '+02:00' }, 'time_zone'],
  ['a path for a time zone', { time_zone: '../../etc/passwd' }, 'time_zone'],
  ['a status of 101 characters', { status: { emoji: '', text: 'x'.repeat(101) } }, 'status.text'],
  ['a status with a word for an emoji', { status: { emoji: 'hi', text: '' } }, 'status.emoji'],
  ['a status with two emoji', { status: { emoji: '🌱🌱', text: '' } }, 'status.emoji'],
  ['a status that is over', { status: { emoji: '', text: 'x', until: past } }, 'status.until'],
  ['a status for ten years', { status: { emoji: '', text: 'x', until: '2040-01-01T00:00:00Z' } }, 'status.until'],
  ['a status until tomorrow', { status: { emoji: '', text: 'x', until: 'tomorrow' } }, 'status.until'],
  [
    'a status until the thirtieth of February',
    { status: { emoji: '', text: 'x', until: '2027-02-30T00:00:00Z' } },
    'status.until',
  ],
]
for (const [what, body, field] of refused) {
  test(`${what} is refused, and nothing of it is kept`, async () => {
    const before = await profileOf(ann)
    const answer = await change(ann, body)
    assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_input'], answer.text)
    assert.deepEqual(Object.keys(answer.body.fields ?? {}), [field])
    assert.deepEqual(await profileOf(ann), before)
  })
}

const taken: [what: string, status: unknown][] = [
  ['a hundred characters of two units', { emoji: '', text: '𐐷'.repeat(100) }],
  ['an emoji alone', { emoji: '👩‍👩‍👧‍👦', text: '' }],
  ['an end with an offset', { emoji: '', text: 'x', until: soon().replace('Z', '+00:00') }],
  [
    'an end with an offset of nowhere',
    { emoji: '', text: 'x', until: new Date(Date.now() + 2 * 86_400_000).toISOString().replace('Z', '+23:59') },
  ],
  [
    'an end with very many digits',
    { emoji: '', text: 'x', until: soon().replace(/(\.\d+)?Z/, `.${'1'.repeat(300)}Z`) },
  ],
]
for (const [what, status] of taken) {
  test(`a status of ${what} is taken`, async () => {
    const answer = await change(bob, { status })
    assert.equal(answer.status, 200, answer.text)
    assert.notEqual(answer.body.users[0]?.status, null)
  })
}
