import assert from 'node:assert/strict'
import { test } from 'node:test'
import { absentVisit } from '../testing/absent-visit.ts'
import { bob, startFixture } from '../testing/fixture.ts'
import { settle } from '../testing/virtual-time.ts'

/** #general, of whose messages Ann has not read the last two. */
async function start() {
  const visited: string[] = []
  const fixture = await startFixture({
    prepare(model) {
      for (const text of ['1', '2', '3', '4']) model.send(bob, 1, text)
    },
    options: {
      connect: () => ({
        listenTo() {},
        visit(channel) {
          visited.push(channel)
          return absentVisit()
        },
        close() {},
      }),
    },
  })
  fixture.client.readMarkers.mark(1, 2)
  return { ...fixture, visited }
}

test('a glance loads the newest messages and follows them, and nobody sees the viewer there', async () => {
  const { client, contents, model, visited, setSocket, time } = await start()
  const close = client.messages.glance(1)
  await settle()
  assert.deepEqual(contents(), ['1', '2', '3', '4'])
  model.send(bob, 1, '5')
  await setSocket('up')
  await time.pass(10_000)
  close()
  assert.deepEqual(visited, [])
  const leave = client.messages.open(1)
  await time.pass(10_000)
  assert.deepEqual(visited, ['here:1'])
  leave()
  assert.equal(client.rooms.get(1).get()?.read_seq, 2)
})

test('a room that is opened while it is glanced at has its divider where its reader is by then', async () => {
  const { client, timeline } = await start()
  const close = client.messages.glance(1)
  await settle()
  assert.equal(timeline().dividerAfterSeq, null)
  const leave = client.messages.open(1)
  close()
  await settle()
  assert.equal(timeline().dividerAfterSeq, 2)
  const again = client.messages.open(1)
  leave()
  leave()
  client.readMarkers.mark(1, 4)
  const third = client.messages.open(1)
  assert.equal(timeline().dividerAfterSeq, 2)
  again()
  third()
})
