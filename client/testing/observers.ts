import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { passwordOf, type TestServer } from '../../server/testing/server.ts'
import type { Client } from '../index.ts'
import { openBrowser } from './browser.ts'
import { eventually } from './eventually.ts'

/** Somebody who can be kept from fetching anything: then it is the events alone that make them right. */
export type Observer = { client: Client; username: string; stopFetching: () => void }

let people = 0

export async function openObserver(t: TestContext, server: TestServer, username: string): Promise<Observer> {
  let mayFetch = true
  const client = openBrowser(server.url, {}, (method, path) => {
    const isFetch = path !== '/api/csrf/' && (method === 'GET' || path.startsWith('/api/sync/'))
    if (isFetch && !mayFetch) throw new TypeError('this observer may not fetch')
  })
  t.after(() => client.close())
  await client.session.start()
  await client.session.signIn(username, passwordOf(username))
  await eventually(() => client.connection.get() === 'live' && client.rooms.list.get().status === 'ready')
  return {
    client,
    username,
    stopFetching() {
      mayFetch = false
    },
  }
}

/** Somebody new. */
export async function arrive(t: TestContext, server: TestServer): Promise<Observer> {
  const username = `person${++people}`
  await server.member(username)
  return openObserver(t, server, username)
}

/** All that a client shows of a room, without what only it was there for. */
function shown(client: Client, roomId: number) {
  const { messages, hasOlder, status } = client.messages.timeline(roomId).get()
  const { members, status: membersStatus } = client.members.list(roomId).get()
  return {
    list: client.rooms.list.get(),
    room: client.rooms.get(roomId).get(),
    timeline: { messages, hasOlder, status },
    members: { members, status: membersStatus },
  }
}

export async function showRoom({ client }: Observer, roomId: number): Promise<void> {
  client.messages.open(roomId)
  client.members.open(roomId)
  await eventually(() => {
    const { status } = client.messages.timeline(roomId).get()
    const members = client.members.list(roomId).get().status
    return status === 'gone' || (status === 'ready' && members === 'ready')
  })
}

export type Stage = { ann: Observer; bob: Observer; roomId: number; version: () => number }

/** Ann's room with Bob in it, on both screens. */
export async function setStage(t: TestContext, server: TestServer): Promise<Stage> {
  const [ann, bob] = [await arrive(t, server), await arrive(t, server)]
  const { id: roomId } = await ann.client.rooms.create({ name: 'Stage', kind: 'public' })
  await bob.client.rooms.join(roomId)
  ann.client.messages.send(roomId, 'first')
  await eventually(() => [ann, bob].every(({ client }) => client.rooms.get(roomId).get()?.last_seq === 1))
  for (const observer of [ann, bob]) await showRoom(observer, roomId)
  return { ann, bob, roomId, version: () => ann.client.rooms.get(roomId).get()?.version ?? 0 }
}

/** The observer, who fetched nothing, has what a fresh client of the same person fetches. */
export async function assertConverged(
  t: TestContext,
  server: TestServer,
  observer: Observer,
  roomId: number,
): Promise<void> {
  const fresh = await openObserver(t, server, observer.username)
  await showRoom(fresh, roomId)
  assert.deepEqual(shown(observer.client, roomId), shown(fresh.client, roomId))
}
