import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import { AppError } from '../errors.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { UserLimits } from '../http/user-limits.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

/** Takes what a burst of sends would have taken. */
async function takeAll(userId: number): Promise<void> {
  const isAllowed = () =>
    server.services.userLimits.take('sends', userId).then(
      () => true,
      () => false,
    )
  while (await isAllowed());
}

test('who sends too fast is told to wait, and nobody else notices', async () => {
  const [ann, bob] = [await server.member('ann'), await server.member('bob')]
  const room = await ann.createRoom('Kitchen')
  await bob.join(room.id)
  const sendAfterBurst = async () => {
    await takeAll(ann.id)
    return ann.ask<ErrorBody>('POST', `/api/rooms/${room.id}/messages/`, { content: 'one more' })
  }
  let refused = await sendAfterBurst()
  // A new second may have begun in between.
  while (refused.status === 201) refused = await sendAfterBurst()
  assert.deepEqual(
    [refused.status, refused.body],
    [429, { detail: 'you are doing this too fast, wait a moment', code: 'rate_limited' }],
  )
  const retryAfter = Number(refused.headers.get('retry-after'))
  assert.ok(Number.isInteger(retryAfter) && retryAfter >= 1 && retryAfter <= 30, String(retryAfter))
  assert.equal((await bob.send(room.id, 'hello')).content, 'hello')
  assert.equal((await ann.ask('GET', `/api/rooms/${room.id}/messages/`)).status, 200, 'she can go on reading')
})

test('joining and leaving without end is limited too, apart from sending', async () => {
  const [carl, dora] = [await server.member('carl'), await server.member('dora')]
  const room = await carl.createRoom('Revolving door')
  const flip = (i: number) => dora.ask('POST', `/api/rooms/${room.id}/${i % 2 ? 'leave' : 'join'}/`, {})
  const statuses = (await Promise.all(Array.from({ length: 900 }, (_, i) => flip(i)))).map(({ status }) => status)
  assert.ok(statuses.includes(429))
  assert.equal((await carl.send(room.id, 'hello')).seq, 1)
})

test('1,200 sends at once pass, what is more does not', async () => {
  const userLimits = new UserLimits()
  const outcomes = await Promise.allSettled(Array.from({ length: 1_500 }, () => userLimits.take('sends', 7)))
  const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
  assert.ok(refusals.every((error) => error instanceof AppError && error.status === 429))
  const passed = outcomes.length - refusals.length
  // A second may end while this runs; then fifty more are due.
  assert.ok(passed >= 1_200 && passed < 1_500 && (passed - 1_200) % 50 === 0, String(passed))
})

test('who says something else about themselves without end is told to wait: everybody is told of each', async () => {
  const [emil, fay] = [await server.member('emil'), await server.member('fay')]
  const say = (text: string) => emil.ask<ErrorBody>('PATCH', '/api/me/', { status: { emoji: '', text } })
  const answers = await Promise.all(Array.from({ length: 150 }, (_, i) => say(`busy ${i}`)))
  const refused = answers.filter(({ status }) => status !== 200)
  assert.ok(refused.length > 0 && refused.every(({ status }) => status === 429))
  assert.equal((await fay.ask('PATCH', '/api/me/', { title: 'at ease' })).status, 200)
})

test('who makes rooms without end is told to wait, and can open those that there are', async () => {
  const [gus, hal] = [await server.member('gus'), await server.member('hal')]
  const direct = (person: Person, other: Person) => person.ask('POST', '/api/direct/', { user_ids: [other.id] })
  assert.equal((await direct(gus, hal)).status, 201)
  const made = await Promise.allSettled(
    Array.from({ length: 1_000 }, () => server.services.userLimits.take('rooms', gus.id)),
  )
  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 999)
  assert.equal((await gus.ask('POST', '/api/rooms/', { name: 'one more', kind: 'private' })).status, 429)
  assert.equal((await direct(gus, gus)).status, 429)
  assert.equal((await direct(gus, hal)).status, 200)
  assert.equal((await hal.createRoom('hers')).member_count, 1)
})
