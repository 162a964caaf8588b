import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Person } from '../../../server/testing/person.ts'
import { member, openClient, openRoom, owner, seen } from './people.ts'
import { stackFor } from './stack.ts'

const stack = await stackFor({ after })
const refused = { username: 'eve', password: 'a password of hers' }
const door = await new Person(stack.url).get('/api/setup/')
await new Person(stack.url).post('/api/setup/', refused, 403)
const olga = await owner(stack)
const members = [await member(stack, olga, 'ann'), await member(stack, olga, 'bob')]

async function roomForAll(name: string): Promise<number> {
  const { id } = await olga.createRoom(name)
  for (const person of members) await person.join(id)
  return id
}

void test('the first account is made through Nginx with the one-time code, and not without', () => {
  assert.deepEqual(door, { needed: true, code_required: true })
  assert.ok(olga.id > 0)
})

void test('what is sent to one backend is shown at once by a client that asks the other one', async (t) => {
  const roomId = await roomForAll('Kitchen')
  const [first, second] = stack.backends
  const ann = await openClient(t, stack, 'ann', first?.url)
  const bob = await openClient(t, stack, 'bob', second?.url)
  const [annSees, bobSees] = [await openRoom(ann, roomId), await openRoom(bob, roomId)]
  for (let n = 0; n < 10; n++) {
    ann.messages.send(roomId, `ann ${n}`)
    bob.messages.send(roomId, `bob ${n}`)
  }
  for (const timeline of [annSees, bobSees]) {
    await seen(timeline, ({ messages }) => messages.length === 20)
    const contents = timeline.get().messages.map(({ content }) => content)
    for (const name of ['ann', 'bob']) {
      const own = contents.filter((content) => content?.startsWith(name))
      assert.deepEqual(
        own,
        Array.from({ length: 10 }, (_, n) => `${name} ${n}`),
      )
    }
  }
  const seqs = (timeline: typeof annSees) => timeline.get().messages.map(({ seq }) => seq)
  assert.deepEqual(seqs(annSees), seqs(bobSees))
  assert.deepEqual([ann.connection.get(), bob.connection.get()], ['live', 'live'])
})

void test('a session, a form’s token and a ticket to real time are good at every backend', async () => {
  const roomId = await roomForAll('Cellar')
  const [first, second] = stack.backends
  const ann = await new Person(first?.url ?? '').signIn('ann', 'ann has a password')
  await ann.csrf()
  ann.url = second?.url ?? ''
  await ann.send(roomId, 'signed in there, sent here')
  assert.ok((await ann.get<{ token: string }>('/api/token/connection/')).token)
})

void test('signing out at one backend cuts the socket, wherever it was made', async (t) => {
  const client = await openClient(t, stack, 'bob', stack.backends[0]?.url)
  const elsewhere = await openClient(t, stack, 'bob', stack.backends[1]?.url)
  const down = seen(elsewhere.connection, (state) => state !== 'live')
  await client.session.signOut()
  await down
  // Its own session is as good as before: it comes back by itself.
  await seen(elsewhere.connection, (state) => state === 'live')
})
