import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer, Call } from '../testing/model-routes.ts'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import { settle } from '../testing/virtual-time.ts'

const sendPath = '/api/rooms/1/messages/'
const isSend = (call: Call) => call.method === 'POST' && call.path === sendPath

/** Answers the first sends with these, and the rest as the server does; undefined lets one through. */
function firstAnswers(answers: (Answer | undefined)[]) {
  const left = [...answers]
  return (call: Call) => (isSend(call) ? left.shift() : undefined)
}

const overloaded: Answer = { status: 503, body: { detail: 'busy', code: 'overloaded' } }

test('a message is shown as pending at once, and as a message once it has arrived', async () => {
  const { client, hold, release, timeline } = await startFixture()
  client.messages.open(1)
  await settle()
  hold()
  const id = client.messages.send(1, '  hello\r\nthere ')
  assert.deepEqual(
    timeline().pending.map(({ client_message_id, content, user }) => [client_message_id, content, user.username]),
    [[id, 'hello\nthere', 'ann']],
  )
  await settle()
  assert.equal(timeline().pending[0]?.state, 'sending')
  await release()
  assert.deepEqual(timeline().pending, [])
  assert.equal(timeline().messages.at(-1)?.client_message_id, id)
})

test('text that cannot be sent is refused before it is queued', async () => {
  const { client, timeline } = await startFixture()
  assert.throws(() => client.messages.send(1, ' \n '), RangeError)
  assert.throws(() => client.messages.send(1, 'x'.repeat(5_001)), RangeError)
  assert.deepEqual(timeline().pending, [])
})

test('a message whose answer was lost is sent again under its key and stands there once', async () => {
  const { client, model, network, hold, release, time, timeline, withhold } = await startFixture()
  client.messages.open(1)
  await settle()
  hold()
  client.messages.send(1, 'once')
  await settle()
  const flight = network.flights.find(({ call }) => isSend(call))
  assert.ok(flight)
  withhold(() => network.advance(flight))
  network.lose(flight)
  await release()
  assert.equal(timeline().pending[0]?.state, 'waiting')
  await time.pass(60_000)
  assert.deepEqual(timeline().pending, [])
  assert.equal(model.rooms.get(1)?.messages.size, 1)
  assert.equal(timeline().messages.length, 1)
})

test('a server in trouble is asked again until it answers, ever more rarely', async () => {
  const intercept = firstAnswers(Array.from({ length: 6 }, () => overloaded))
  const { client, time, timeline, callsTo } = await startFixture({ intercept })
  client.messages.send(1, 'patient')
  await settle()
  assert.deepEqual(timeline().pending[0]?.failure, { code: 'overloaded', message: 'busy' })
  await time.pass(5_000)
  const early = callsTo(sendPath, 'POST').length
  assert.ok(early >= 3 && early <= 5, `${early} attempts in five seconds`)
  await time.pass(60_000)
  assert.equal(callsTo(sendPath, 'POST').length, 7)
  assert.deepEqual(timeline().pending, [])
})

test('no attempt is made before the time that the server asked for, not even when the network comes back', async () => {
  const limited: Answer = {
    status: 429,
    body: { detail: 'slow down', code: 'rate_limited' },
    headers: { 'Retry-After': '30' },
  }
  const { client, time, timeline, callsTo, device, setSocket } = await startFixture({
    intercept: firstAnswers([limited]),
  })
  client.messages.send(1, 'later')
  await settle()
  await time.pass(20_000)
  device.signal()
  await setSocket('up')
  await time.pass(9_000)
  assert.equal(callsTo(sendPath, 'POST').length, 1)
  assert.equal(timeline().pending[0]?.state, 'waiting')
  await time.pass(2_000)
  assert.deepEqual(timeline().pending, [])
})

test('a message that waits after a failure leaves at once when the network comes back', async () => {
  const failures = Array.from({ length: 8 }, () => overloaded)
  const { client, time, timeline, device } = await startFixture({ intercept: firstAnswers(failures) })
  client.messages.send(1, 'soon')
  await settle()
  await time.pass(40_000)
  assert.equal(timeline().pending.length, 1)
  for (let n = 0; n < 8; n++) {
    device.signal()
    await settle()
  }
  assert.deepEqual(timeline().pending, [])
})

test('a refused message stays to be tried again or discarded, and holds up none', async () => {
  const reused: Answer = { status: 422, body: { detail: 'other content', code: 'idempotency_key_reused' } }
  const { client, timeline, contents } = await startFixture({ intercept: firstAnswers([reused, undefined, reused]) })
  client.messages.open(1)
  const first = client.messages.send(1, 'refused')
  client.messages.send(1, 'next')
  await settle()
  assert.deepEqual(contents(), ['next'])
  assert.deepEqual(
    timeline().pending.map(({ client_message_id, state, failure }) => [client_message_id, state, failure?.code]),
    [[first, 'failed', 'idempotency_key_reused']],
  )
  client.messages.retry(1, first)
  await settle()
  assert.equal(timeline().pending[0]?.state, 'failed')
  client.messages.retry(1, first)
  await settle()
  assert.deepEqual(contents(), ['next', 'refused'])

  client.messages.discard(1, first)
  assert.deepEqual(timeline().pending, [])
})

test('messages of a room arrive in the order in which they were written, whatever fails', async () => {
  const intercept = firstAnswers([overloaded, undefined, overloaded, overloaded])
  const { client, time, contents } = await startFixture({ intercept })
  client.messages.open(1)
  for (const content of ['one', 'two', 'three']) client.messages.send(1, content)
  await time.pass(60_000)
  assert.deepEqual(contents(), ['one', 'two', 'three'])
})

test('a room that fails does not hold up another', async () => {
  const { client, contents } = await startFixture({
    intercept: (call) => (isSend(call) ? overloaded : undefined),
    prepare(model) {
      model.addRoom('other', bob)
      model.join(ann, 2)
    },
  })
  client.messages.open(2)
  client.messages.send(1, 'stuck')
  client.messages.send(2, 'through')
  await settle()
  assert.deepEqual(contents(2), ['through'])
})

test('an event that comes before the answer replaces the pending copy, and the next message leaves', async () => {
  const { client, network, hold, timeline } = await startFixture()
  client.messages.open(1)
  await settle()
  hold()
  client.messages.send(1, 'first')
  client.messages.send(1, 'second')
  await settle()
  // The server commits and publishes; its answer is still on the way.
  network.advance(network.flights.find(({ call }) => isSend(call))!)
  await settle()
  assert.deepEqual(
    timeline().messages.map((row) => row.content),
    ['first'],
  )
  assert.deepEqual(
    timeline().pending.map(({ content, state }) => [content, state]),
    [['second', 'sending']],
  )
})

test('a message written as the session ends waits until its author signs in again', async () => {
  const signedOut: Answer = { status: 403, body: { detail: 'sign in', code: 'sign_in_required' } }
  let isSignedIn = true
  const { client, model, time, contents } = await startFixture({
    intercept(call) {
      if (call.path === '/api/setup/') return { status: 200, body: { needed: false, code_required: false } }
      if (call.path === '/api/login/') isSignedIn = true
      if (call.path === '/api/login/') return { status: 200, body: {} }
      return isSignedIn || call.path === '/api/csrf/' ? undefined : signedOut
    },
  })
  client.messages.open(1)
  isSignedIn = false
  client.messages.send(1, 'kept')
  await settle()
  assert.equal(client.session.get().status, 'signed_out')
  await time.pass(60_000)
  assert.equal(model.rooms.get(1)?.messages.size, 0)
  await client.session.signIn('ann', 'a password')
  await settle()
  assert.deepEqual(contents(), ['kept'])
})

test('a page of something between us and the server is no answer: the message waits', async () => {
  const { client, time, timeline } = await startFixture({
    intercept: firstAnswers([{ status: 404, body: 'Not here' }]),
  })
  client.messages.send(1, 'through a proxy')
  await settle()
  assert.equal(timeline().pending[0]?.state, 'waiting')
  await time.pass(5_000)
  assert.deepEqual(timeline().pending, [])
})
