import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import type { Profile } from '@grandchat/contracts/users/profile'
import { type TestServer, passwordOf, startTestServer } from '../../server/testing/server.ts'
import type { Client, ClientOptions } from '../index.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { type CookieJar, openBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'
import { MemoryCache } from '../testing/memory-cache.ts'

/** Whoever heard, whoever missed it and whoever begins with what was kept has the same as whoever comes and fetches. */
let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

type Somebody = { client: Client; id: number; username: string; requests: string[]; stopFetching: () => void }
let people = 0

async function open(t: TestContext, username: string, options: ClientOptions = {}, jar?: CookieJar): Promise<Somebody> {
  const requests: string[] = []
  let mayFetch = true
  const client = openBrowser(
    server.url,
    options,
    (method, path) => {
      requests.push(`${method} ${path}`)
      if (!mayFetch && method === 'GET' && path !== '/api/csrf/') throw new TypeError('this observer may not fetch')
    },
    jar,
  )
  t.after(() => client.close())
  await client.session.start()
  if (client.session.get().status !== 'signed_in') await client.session.signIn(username, passwordOf(username))
  await eventually(() => client.rooms.list.get().status === 'ready')
  const session = client.session.get()
  assert.ok(session.status === 'signed_in')
  return { client, id: session.me.id, username, requests, stopFetching: () => (mayFetch = false) }
}

async function arrive(t: TestContext, options: ClientOptions = {}, jar?: CookieJar): Promise<Somebody> {
  const username = `person${++people}`
  await server.member(username)
  return open(t, username, options, jar)
}

/** The profile as this client shows it, once it does. */
async function watch(t: TestContext, { client }: Somebody, userId: number): Promise<() => Profile | undefined> {
  const profile = client.users.profile(userId)
  t.after(profile.subscribe(() => {}))
  await eventually(() => profile.get() !== undefined)
  return () => profile.get()
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()
const planting = (until: string | null = inAnHour()) => ({ emoji: '🌱', text: 'Planting', until })

test('who hears of a change has what a fresh client fetches, in profiles and in what was said before', async (t) => {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const room = await ann.client.rooms.create({ name: 'Garden', kind: 'public' })
  await bob.client.rooms.join(room.id)
  ann.client.messages.send(room.id, 'hello')
  bob.client.messages.open(room.id)
  const authors = (client: Client) =>
    client.messages
      .timeline(room.id)
      .get()
      .messages.filter(({ kind }) => kind === 'user')
      .map(({ user }) => user)
  await eventually(() => authors(bob.client).length === 1)
  await eventually(() => bob.client.connection.get() === 'live')
  const seen = await watch(t, bob, ann.id)
  bob.stopFetching()
  await ann.client.me.change({ display_name: 'Ann of the Garden', title: 'Gardener', status: planting() })
  await eventually(() => seen()?.status?.text === 'Planting')
  const fresh = await open(t, bob.username)
  fresh.client.messages.open(room.id)
  await eventually(() => authors(fresh.client).length === 1)
  assert.deepEqual(seen(), (await watch(t, fresh, ann.id))())
  assert.deepEqual(authors(bob.client), authors(fresh.client))
  assert.equal(authors(bob.client)[0]?.display_name, 'Ann of the Garden')
})

test('one sees the own change at once, and so do the own other devices', async (t) => {
  const ann = await arrive(t)
  const phone = await open(t, ann.username)
  await ann.client.me.change({ display_name: 'Annabel' })
  for (const { client } of [ann, phone]) {
    await eventually(() => {
      const session = client.session.get()
      return session.status === 'signed_in' && session.me.display_name === 'Annabel'
    })
  }
})

test('who has no socket and misses all that is told gets it with the next question', async (t) => {
  const quick: ClientOptions = {
    WebSocket: undefined,
    after(ms, run) {
      const timer = setTimeout(run, ms / 50)
      return () => clearTimeout(timer)
    },
  }
  const [ann, bob] = [await arrive(t), await arrive(t, quick)]
  const seen = await watch(t, bob, ann.id)
  await ann.client.me.change({ status: planting() })
  await ann.client.me.change({ title: 'Gardener' })
  await eventually(() => seen()?.title === 'Gardener')
  assert.deepEqual(seen(), (await watch(t, await open(t, bob.username), ann.id))())
})

test('what was kept is shown at once, and put right by what happened meanwhile', async (t) => {
  const storage = { ...createMemoryStorage(), cache: new MemoryCache() }
  const hiding = new Set<() => void>()
  const kept: ClientOptions = {
    storage,
    onHide(listener) {
      hiding.add(listener)
      return () => void hiding.delete(listener)
    },
  }
  const jar = { cookie: '' }
  const [ann, bob] = [await arrive(t), await arrive(t, kept, jar)]
  const cat = await arrive(t)
  await watch(t, bob, ann.id)
  await watch(t, bob, cat.id)
  await ann.client.me.change({ title: 'Gardener' })
  await eventually(() => bob.client.users.profile(ann.id).get()?.title === 'Gardener')
  for (const hide of hiding) hide()
  await eventually(() => storage.cache.size > 0)
  bob.client.close()
  await cat.client.me.change({ title: 'Cook' })
  const again = await open(t, bob.username, kept, jar)
  const [annSeen, catSeen] = [await watch(t, again, ann.id), await watch(t, again, cat.id)]
  assert.equal(annSeen()?.title, 'Gardener')
  await eventually(() => catSeen()?.title === 'Cook')
  assert.deepEqual(
    again.requests.filter((request) => request.includes('/api/profiles/')),
    [],
    'nobody was asked about again',
  )
})

test('a status goes by itself when its time is over', async (t) => {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const seen = await watch(t, bob, ann.id)
  await ann.client.me.change({ status: planting(new Date(Date.now() + 1_000).toISOString()) })
  await eventually(() => seen()?.status?.text === 'Planting')
  await eventually(() => seen()?.status === null)
})

test('all who are shown at once are asked about together, and each once', async (t) => {
  const bob = await arrive(t)
  const others = [await arrive(t), await arrive(t), await arrive(t)]
  const profiles = await Promise.all(others.flatMap(({ id }) => [watch(t, bob, id), watch(t, bob, id)]))
  assert.ok(profiles.every((profile) => profile() !== undefined))
  assert.equal(bob.requests.filter((request) => request.includes('/api/profiles/')).length, 1)
})

test('a picture is named in profiles and rows of those who were there', async (t) => {
  const [ann, bob] = [await arrive(t), await arrive(t)]
  const seen = await watch(t, bob, ann.id)
  await ann.client.me.setAvatar(new Blob([onePixel], { type: 'image/png' }))
  await eventually(() => typeof seen()?.avatar === 'string')
  await ann.client.me.setAvatar(null)
  await eventually(() => seen()?.avatar === null)
})

const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
