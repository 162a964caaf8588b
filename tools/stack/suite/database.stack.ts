import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { restartDatabase } from '../restart-database.ts'
import { member, openClient, openRoom, owner, seen } from './people.ts'
import { stackFor } from './stack.ts'

const stack = await stackFor({ after })
const olga = await owner(stack)

void test('PostgreSQL is restarted three times under load: nobody is signed out, nothing is lost or doubled', async (t) => {
  const { id } = await olga.createRoom('Through it all')
  for (const name of ['ann', 'bob']) await (await member(stack, olga, name)).join(id)
  const [ann, bob] = [await openClient(t, stack, 'ann'), await openClient(t, stack, 'bob')]
  const bobSees = await openRoom(bob, id)
  await openRoom(ann, id)
  const answers: { status: number; retryAfter: string | null }[] = []
  const over = new AbortController()
  let written = 0
  const asking = (async () => {
    for (; !over.signal.aborted; await pause(20)) {
      const { status, headers } = await olga.ask('GET', '/api/me/')
      answers.push({ status, retryAfter: headers.get('retry-after') })
    }
  })()
  const writing = (async () => {
    for (; !over.signal.aborted; await pause(20)) ann.messages.send(id, `message ${++written}`)
  })()
  for (let n = 0; n < 3; n++) {
    await pause(500)
    await restartDatabase(stack.databaseUrl, 'SIGINT')
  }
  over.abort()
  await Promise.all([asking, writing])
  await seen(ann.messages.unsent, (pending) => pending.length === 0)
  await seen(bobSees, ({ messages }) => messages.at(-1)?.seq === written)
  const refused = answers.filter(({ status }) => status !== 200)
  assert.ok(refused.length > 0, 'the load met the restarts')
  for (const { status, retryAfter } of refused) assert.deepEqual([status, Number(retryAfter) > 0], [503, true])
  for (const client of [ann, bob]) assert.equal(client.session.get().status, 'signed_in')
  const texts = bobSees.get().messages.map(({ content }) => content)
  assert.deepEqual(texts, Array.from({ length: written }, (_, n) => `message ${n + 1}`).slice(-texts.length))
  assert.equal((await olga.get<{ last_seq: number }>(`/api/rooms/${id}/`)).last_seq, written)
})
