import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { MessageAdded } from '../../../contracts/messages/schema.ts'
import type { Person } from '../../../server/testing/person.ts'
import { Listener } from '../../../server/testing/listener.ts'

/** Everything that this person's browser is told from now on. */
export async function hear(t: TestContext, person: Person): Promise<Listener> {
  const listener = await Listener.of(person)
  t.after(() => listener.close())
  return listener
}

/** The messages of a room in the order in which they were told. */
export function messagesHeard(listener: Listener, roomId: number): MessageAdded[] {
  return listener
    .inRoom(roomId)
    .filter(({ type }) => type === 'message_added')
    .map(({ body }) => body as MessageAdded)
}

/** Resolves when all of these were told; asserts that each was told once, in order of versions, and nothing else. */
export async function heardExactly(listener: Listener, roomId: number, acked: readonly MessageAdded[]): Promise<void> {
  await heardAll(listener, roomId, acked)
  const expected = acked.toSorted((a, b) => a.room.version - b.room.version)
  const summary = (messages: readonly MessageAdded[]) => messages.map(({ id, room }) => `${room.version}: ${id}`)
  assert.deepEqual(summary(messagesHeard(listener, roomId)), summary(expected))
}

/** Resolves when all of these were told, however often and in whichever order. */
export async function heardAll(
  listener: Listener,
  roomId: number,
  acked: ReadonlyArray<Pick<MessageAdded, 'id'>>,
): Promise<void> {
  await listener.until(() => {
    const heard = new Set(messagesHeard(listener, roomId).map(({ id }) => id))
    return acked.every(({ id }) => heard.has(id))
  })
}
