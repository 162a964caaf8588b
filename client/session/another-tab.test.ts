import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ann, bob, startFixture } from '../testing/fixture.ts'
import { type Answer, type Call, createRoutes } from '../testing/model-routes.ts'
import type { ModelServer } from '../testing/model-server.ts'
import { settle } from '../testing/virtual-time.ts'

const refused: Answer = { status: 403, body: { detail: 'sign in first', code: 'sign_in_required' } }

/** Ann's tab, in a browser in which another tab can sign in as somebody else: the cookie is then theirs. */
async function startTab() {
  let cookieOf = ann
  let serve: ReturnType<typeof createRoutes> | undefined
  const bounds = { pageRows: 50, memberRows: 50, changeRows: 50, maxBehind: 100 }
  let server: ModelServer | undefined
  const fixture = await startFixture({
    prepare: (model) => void (server = model),
    intercept(call: Call) {
      if (call.path === '/api/csrf/') return undefined
      if (call.userId !== undefined && call.userId !== String(cookieOf)) return refused
      if (cookieOf === ann || !server) return undefined
      serve ??= createRoutes(server, bob, bounds)
      if (call.path === '/api/logout/') return { status: 200, body: {} }
      return serve(call)
    },
  })
  return { ...fixture, switchTo: (userId: number) => void (cookieOf = userId) }
}

const nameOf = ({ client }: Awaited<ReturnType<typeof startTab>>) => {
  const state = client.session.get()
  return state.status === 'signed_in' ? state.me.username : state.status
}

test('what was written in a tab never goes out in the name of whom another tab signed in, and waits', async () => {
  const tab = await startTab()
  const { client, model, time, timeline } = tab
  client.messages.open(1)
  await settle()
  tab.switchTo(bob)
  client.messages.send(1, 'by ann')
  await time.pass(60_000)
  assert.equal(nameOf(tab), 'bob')
  assert.equal(model.rooms.get(1)?.messages.size, 0)
  assert.deepEqual(timeline().pending, [])

  client.messages.send(1, 'by bob')
  await time.pass(60_000)
  tab.switchTo(ann)
  await client.session.start()
  await time.pass(60_000)
  assert.equal(nameOf(tab), 'ann')
  const written = [...(model.rooms.get(1)?.messages.values() ?? [])].map(({ user, content }) => [user.id, content])
  assert.deepEqual(written, [
    [bob, 'by bob'],
    [ann, 'by ann'],
  ])
})

test('a tab that only looks on becomes that of whom another tab signed in, and forgets what it showed', async () => {
  const tab = await startTab()
  const { client, model, time, timeline } = tab
  model.addRoom('only ann', ann)
  model.send(bob, 1, 'unread by ann')
  await time.pass(5_000)
  const close = client.messages.open(1)
  client.messages.open(2)
  client.members.open(2)
  await settle()
  assert.equal(timeline(1).dividerAfterSeq, 0)
  tab.switchTo(bob)
  await time.pass(120_000)
  assert.equal(nameOf(tab), 'bob')
  assert.deepEqual(
    client.rooms.list.get().rooms.map(({ name }) => name),
    ['general'],
  )
  assert.equal(timeline(1).dividerAfterSeq, null)
  assert.deepEqual([timeline(2).status, timeline(2).messages], ['gone', []])
  assert.deepEqual(client.members.list(2).get().members, [])
  close()
})

test('signing out in a tab that was overtaken does not sign out the other person', async () => {
  const tab = await startTab()
  tab.switchTo(bob)
  await tab.client.session.signOut()
  assert.equal(nameOf(tab), 'bob')
})

test('every request in the name of the one who is signed in says so', async () => {
  const { client, time, calls } = await startTab()
  client.messages.open(1)
  client.members.open(1)
  client.messages.send(1, 'hello')
  client.readMarkers.mark(1, 1)
  await time.pass(120_000)
  for (const attempt of [
    client.rooms.search('x'),
    client.rooms.create({ name: 'x', kind: 'public' }),
    client.rooms.join(1),
    client.rooms.leave(1),
    client.users.create({ username: 'x', password: 'x' }),
    client.invites.create(),
  ]) {
    await attempt.catch(() => {})
  }
  const open = new Set(['/api/csrf/', '/api/me/'])
  const silent = calls.filter(({ path, userId }) => !open.has(path) && userId !== String(ann))
  assert.ok(calls.length > 15)
  assert.deepEqual(silent, [])
})
