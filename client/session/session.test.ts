import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '../index.ts'
import type { Answer, Call } from '../testing/model-routes.ts'
import { Network } from '../testing/network.ts'
import { createVirtualTime, settle } from '../testing/virtual-time.ts'

const me = { id: 1, username: 'ann', display_name: null, settings: {}, role: 'owner' }
const signedOut: Answer = { status: 403, body: { detail: 'sign in', code: 'sign_in_required' } }

function start(answers: (call: Call) => Answer | undefined) {
  const time = createVirtualTime()
  const serve = (call: Call): Answer =>
    answers(call) ??
    (call.path === '/api/csrf/' ? { status: 200, body: {}, headers: { 'X-CSRFToken': 't' } } : signedOut)
  const network = new Network(serve, () => true)
  const client = createClient({ baseUrl: 'http://server', fetch: network.fetch, WebSocket: undefined, ...time })
  return { client, time }
}

test('nobody is signed in on a new device', async () => {
  const { client } = start(({ path }) =>
    path === '/api/setup/' ? { status: 200, body: { needed: false, code_required: false } } : undefined,
  )
  assert.deepEqual(client.session.get(), { status: 'loading' })
  await client.session.start()
  assert.deepEqual(client.session.get(), { status: 'signed_out' })
})

test('a new installation waits for its owner, who is signed in with the account made', async () => {
  let isSetUp = false
  const { client } = start(({ path, method }) => {
    if (path === '/api/setup/' && method === 'POST') isSetUp = true
    if (path === '/api/setup/') return { status: 200, body: { needed: true, code_required: true } }
    return path === '/api/me/' && isSetUp ? { status: 200, body: me } : undefined
  })
  await client.session.start()
  assert.deepEqual(client.session.get(), { status: 'set_up', codeRequired: true })
  await client.session.setUp({ username: 'ann', password: 'a long password', code: '123' })
  assert.deepEqual(client.session.get(), { status: 'signed_in', me })
  client.close()
})

test('a wrong password leaves everything as it was, and the error says so', async () => {
  const wrong: Answer = { status: 400, body: { detail: 'invalid credentials', code: 'invalid_credentials' } }
  const { client } = start(({ path }) => {
    if (path === '/api/login/') return wrong
    return path === '/api/setup/' ? { status: 200, body: { needed: false, code_required: false } } : undefined
  })
  await client.session.start()
  await assert.rejects(client.session.signIn('ann', 'wrong'), { code: 'invalid_credentials', status: 400 })
  assert.deepEqual(client.session.get(), { status: 'signed_out' })
})

test('a server that does not answer is tried again by itself', async () => {
  let isDown = true
  const { client, time } = start(({ path }) => {
    if (isDown) return { status: 503 }
    return path === '/api/me/' ? { status: 200, body: me } : undefined
  })
  await client.session.start()
  assert.deepEqual(client.session.get(), { status: 'unreachable' })
  isDown = false
  await time.pass(10_000)
  assert.equal(client.session.get().status, 'signed_in')
  client.close()
})

test('a failing server signs nobody out; a session that has ended does', async () => {
  let state: 'up' | 'failing' | 'ended' = 'up'
  const { client, time } = start(({ path }) => {
    if (state === 'failing') return { status: 503 }
    if (path === '/api/setup/') return { status: 200, body: { needed: false, code_required: false } }
    return state === 'up' && path === '/api/me/' ? { status: 200, body: me } : undefined
  })
  await client.session.start()
  await settle()
  state = 'failing'
  await time.pass(60_000)
  assert.equal(client.session.get().status, 'signed_in')
  state = 'ended'
  await time.pass(60_000)
  assert.equal(client.session.get().status, 'signed_out')
  assert.deepEqual(client.rooms.list.get(), { status: 'loading', rooms: [] })
  client.close()
})

test('a client that was closed while it asked does not try again', async () => {
  let asked = 0
  const { client, time } = start(() => {
    asked++
    return { status: 503 }
  })
  const started = client.session.start()
  client.close()
  await started
  await time.pass(600_000)
  assert.equal(asked, 1)
})

test('signing out forgets what was seen', async () => {
  let isSignedIn = true
  const { client } = start(({ path }) => {
    if (path === '/api/logout/') isSignedIn = false
    if (path === '/api/logout/') return { status: 200, body: {} }
    return path === '/api/me/' && isSignedIn ? { status: 200, body: me } : undefined
  })
  await client.session.start()
  await client.session.signOut()
  assert.deepEqual(client.session.get(), { status: 'signed_out' })
  assert.equal(client.rooms.list.get().status, 'loading')
})
