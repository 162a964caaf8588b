import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import type { ErrorBody } from '@grandchat/contracts/errors'
import type { MessageAdded, NewMessage } from '@grandchat/contracts/messages/schema'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import { sql } from 'kysely'
import { fingerprint } from '../testing/bad-input.ts'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import type { Answer, Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

const post = (person: Person, roomId: number, body: NewMessage): Promise<Answer<MessageAdded & ErrorBody>> =>
  person.ask('POST', `/api/rooms/${roomId}/messages/`, body)
const remove = (person: Person, { room_id, id }: MessageAdded) => person.remove(`/api/rooms/${room_id}/messages/${id}/`)

test('an answer names the message that it answers, to everyone', async () => {
  const { id } = await openRoom(server, cast, 'public')
  const question = await cast.roomOwner.send(id, 'who has the key?')
  const hears = await server.listen(cast.roomOwner)
  const { status, body } = await post(cast.member, id, { content: 'I do', reply_to: question.id })
  assert.deepEqual([status, body.reply_to, body.forwarded], [201, question.id, null])
  await hears.until(() => hears.inRoom(id).length > 0)
  assert.deepEqual(hears.inRoom(id), [{ type: 'message_added', body }])
  const { results } = await cast.roomOwner.get<{ results: MessageAdded[] }>(`/api/rooms/${id}/messages/?limit=1`)
  assert.equal(results[0]!.reply_to, question.id)
})

test('only what was said in the same room can be answered, and a refusal leaves no trace', async () => {
  const [room, other] = [await openRoom(server, cast, 'public'), await openRoom(server, cast, 'public')]
  const [deleted, elsewhere] = [await cast.member.send(room.id, 'gone'), await cast.member.send(other.id, 'there')]
  await remove(cast.member, deleted)
  const line = sql<{ id: number }>`select id from messages where room_id = ${room.id} and kind = 'system' limit 1`
  const lineId = (await line.execute(server.services.db)).rows[0]!.id
  const before = await fingerprint(server.services)
  for (const reply_to of [deleted.id, elsewhere.id, lineId, 9_999_999]) {
    const { status, body } = await post(cast.member, room.id, { content: 'what?', reply_to })
    assert.deepEqual([status, body.fields], [400, { reply_to: 'is not a message of this room' }])
  }
  assert.equal(await fingerprint(server.services), before)
})

test('a retry is the same message, whatever became of what it answers', async () => {
  const { id } = await openRoom(server, cast, 'public')
  const question = await cast.member.send(id, 'really?')
  const body = { content: 'yes', reply_to: question.id, client_message_id: randomUUID() }
  const first = await post(cast.member, id, body)
  await remove(cast.member, question)
  for (const reply_to of [question.id, 9_999_999, undefined]) {
    const again = await post(cast.member, id, { ...body, ...(reply_to ? { reply_to } : { reply_to: undefined }) })
    assert.deepEqual([again.status, again.body.id, again.body.reply_to], [200, first.body.id, question.id])
  }
})

test('what is passed on says what was said, where, when and by whom, also when it is passed on again', async () => {
  const [from, to] = [await openRoom(server, cast, 'private'), await openRoom(server, cast, 'public')]
  const original = await cast.roomOwner.send(from.id, 'the plan')
  const { status, body } = await post(cast.member, to.id, { forward: { room_id: from.id, message_id: original.id } })
  const forwarded = { room_id: from.id, message_id: original.id, user: original.user, created_at: original.created_at }
  assert.deepEqual([status, body.content, body.user.id, body.forwarded], [201, 'the plan', cast.member.id, forwarded])
  const again = await post(cast.roomOwner, from.id, { forward: { room_id: to.id, message_id: body.id } })
  assert.deepEqual([again.status, again.body.forwarded], [201, forwarded])
  await cast.member.patch(`/api/rooms/${to.id}/messages/${body.id}/`, { content: 'another plan' }, 403)
})

test('what one cannot see cannot be passed on, and looks like what never was', async () => {
  const [secret, to] = [await openRoom(server, cast, 'private'), await openRoom(server, cast, 'public')]
  await cast.outsider.join(to.id)
  await cast.leaver.join(to.id)
  const hidden = await cast.member.send(secret.id, 'only for those inside')
  const gone = await cast.member.send(to.id, 'gone')
  await remove(cast.member, gone)
  const attempts: [Person, NewMessage['forward']][] = [
    [cast.outsider, { room_id: secret.id, message_id: hidden.id }],
    [cast.leaver, { room_id: secret.id, message_id: hidden.id }],
    // Named under a room that is one's own.
    [cast.outsider, { room_id: to.id, message_id: hidden.id }],
    [cast.outsider, { room_id: to.id, message_id: gone.id }],
    [cast.outsider, { room_id: 9_999_999, message_id: 9_999_999 }],
  ]
  const before = await fingerprint(server.services)
  const answers = await Promise.all(attempts.map(([person, forward]) => post(person, to.id, { forward })))
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.deepEqual(
    [answers[0]!.status, answers[0]!.body.fields],
    [400, { forward: 'is not a message that you can see' }],
  )
  assert.equal(await fingerprint(server.services), before)
  assert.equal((await post(cast.member, to.id, { forward: attempts[0]![1] })).status, 201, 'a member may')
})

test('nobody passes something on into a room that is not theirs', async () => {
  const [own, room] = [await cast.outsider.createRoom('Mine'), await openRoom(server, cast, 'private')]
  const message = await cast.outsider.send(own.id, 'spam')
  const forward = { room_id: own.id, message_id: message.id }
  assert.equal((await post(cast.outsider, room.id, { forward })).status, 404)
  assert.equal((await post(cast.outsider, 9_999_999, { forward })).status, 404)
})

test('a retry of a forward is the same message, whatever became of the original', async () => {
  const [from, to] = [await openRoom(server, cast, 'public'), await openRoom(server, cast, 'public')]
  const original = await cast.member.send(from.id, 'before')
  const other = await cast.member.send(from.id, 'another')
  const body = { forward: { room_id: from.id, message_id: original.id }, client_message_id: randomUUID() }
  const [first, ...repeats] = (await Promise.all([1, 2, 3].map(() => post(cast.member, to.id, body)))).toSorted(
    (a, b) => b.status - a.status,
  )
  assert.deepEqual([first!.status, ...repeats.map(({ status }) => status)], [201, 200, 200])
  await cast.member.patch(`/api/rooms/${from.id}/messages/${original.id}/`, { content: 'after' })
  const afterEdit = await post(cast.member, to.id, body)
  await remove(cast.member, original)
  const afterDelete = await post(cast.member, to.id, body)
  for (const { status, body } of [afterEdit, afterDelete])
    assert.deepEqual([status, body.id, body.content], [200, first!.body.id, 'before'])
  const reused = { ...body, forward: { room_id: from.id, message_id: other.id } }
  assert.equal((await post(cast.member, to.id, reused)).status, 422)
  assert.equal((await cast.member.get<OwnRoom>(`/api/rooms/${to.id}/`)).last_seq, 1)
})

test('what is no id is refused, and leaves no trace', async () => {
  const { id } = await openRoom(server, cast, 'public')
  const message = await cast.member.send(id, 'x')
  const before = await fingerprint(server.services)
  const ids: unknown[] = [null, '1', 0, -1, 1.5, 1e300, 2 ** 53, true, [message.id], {}]
  const bodies: object[] = [
    ...ids.map((reply_to) => ({ content: 'x', reply_to })),
    ...ids.map((message_id) => ({ forward: { room_id: id, message_id } })),
    ...ids.map((room_id) => ({ forward: { room_id, message_id: message.id } })),
    ...[null, 'x', 1, [], {}].map((forward) => ({ forward })),
  ]
  for (const body of bodies) {
    const { status } = await post(cast.member, id, body)
    assert.equal(status, 400, JSON.stringify(body))
  }
  assert.equal(await fingerprint(server.services), before)
})

test('a message is a text or a forward, not both and not neither', async () => {
  const { id } = await openRoom(server, cast, 'public')
  const message = await cast.member.send(id, 'x')
  const forward = { room_id: id, message_id: message.id }
  for (const body of [{}, { content: 'x', forward }]) {
    const { status, body: answer } = await post(cast.member, id, body)
    assert.deepEqual([status, answer.fields], [400, { content: 'give either content or forward' }])
  }
})
