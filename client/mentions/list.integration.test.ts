import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { after, before, test, type TestContext } from 'node:test'
import { type TestServer, startTestServer } from '../../server/testing/server.ts'
import { eventually } from '../testing/eventually.ts'
import { type Observer, openObserver } from '../testing/observers.ts'
import { setThreadStage } from '../testing/thread-stage.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

const listOf = ({ client }: Observer) => client.mentions.list.get()
const texts = (observer: Observer) => listOf(observer).messages.map(({ content }) => content)

/** Looks at the list from here on. */
async function look(t: TestContext, observer: Observer): Promise<void> {
  t.after(observer.client.mentions.list.subscribe(() => {}))
  await eventually(() => listOf(observer).status === 'ready')
}

async function assertConverged(t: TestContext, observer: Observer): Promise<void> {
  const fresh = await openObserver(t, server, observer.username)
  await look(t, fresh)
  // What was read may still be on its way.
  await eventually(() => isDeepStrictEqual(listOf(observer), listOf(fresh))).catch(() => undefined)
  assert.deepEqual(listOf(observer), listOf(fresh))
}

test('whoever heard the events has the list that a fresh client fetches, of rooms and of threads', async (t) => {
  const { ann, bob, roomId, threadId } = await setThreadStage(t, server)
  await look(t, bob)
  bob.stopFetching()
  const name = `@${bob.username}`
  ann.client.threads.open(roomId, threadId)
  ann.client.messages.send(roomId, `one ${name}`)
  ann.client.messages.send(roomId, 'two @all')
  ann.client.messages.send(roomId, `three ${name}`, { threadId })
  await eventually(() => texts(bob).length === 3)
  assert.ok(listOf(bob).messages.every(({ isUnread }) => isUnread))
  await assertConverged(t, bob)
  const { messages } = listOf(bob)
  const idOf = (content: string) => messages.find((message) => message.content === content)!.id
  ann.client.messages.edit(roomId, idOf(`one ${name}`), 'one')
  ann.client.messages.remove(roomId, idOf('two @all'))
  await eventually(() => texts(bob).join() === `three ${name}`)
  bob.client.threads.markRead(roomId, threadId, 1)
  await eventually(() => listOf(bob).messages[0]?.isUnread === false)
  ann.client.messages.edit(roomId, idOf(`one ${name}`), `one, again ${name}`)
  await eventually(() => texts(bob).length === 2)
  await assertConverged(t, bob)
})

test('whoever leaves a room has nothing of it, and all of it again when they are back', async (t) => {
  const { ann, bob, roomId } = await setThreadStage(t, server)
  await look(t, bob)
  ann.client.messages.send(roomId, `one @${bob.username}`)
  await eventually(() => texts(bob).length === 1)
  await bob.client.rooms.leave(roomId)
  await eventually(() => texts(bob).length === 0)
  await assertConverged(t, bob)
  await bob.client.rooms.join(roomId)
  await eventually(() => texts(bob).length === 1)
  await assertConverged(t, bob)
})
