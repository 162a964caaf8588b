import type { TestContext } from 'node:test'
import type { TestServer } from '../../server/testing/server.ts'
import { eventually } from './eventually.ts'
import { arrive, type Observer } from './observers.ts'

export type ThreadStage = { ann: Observer; bob: Observer; roomId: number; threadId: number }

/** Ann's room with Bob in it, and a message of Ann's to answer; nobody has its thread on screen. */
export async function setThreadStage(t: TestContext, server: TestServer): Promise<ThreadStage> {
  const [ann, bob] = [await arrive(t, server), await arrive(t, server)]
  const { id: roomId } = await ann.client.rooms.create({ name: 'Stage', kind: 'public' })
  await bob.client.rooms.join(roomId)
  ann.client.messages.open(roomId)
  ann.client.messages.send(roomId, 'What do you think?')
  const said = () =>
    ann.client.messages
      .timeline(roomId)
      .get()
      .messages.find(({ kind }) => kind === 'user')
  await eventually(() => said() !== undefined)
  return { ann, bob, roomId, threadId: said()!.id }
}
