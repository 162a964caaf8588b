import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../../../client/index.ts'
import { Person } from '../../../server/testing/person.ts'
import { member, openClient, openRoom, owner, seen } from './people.ts'
import { stackFor } from './stack.ts'

const stack = await stackFor({ after })
const olga = await owner(stack)

/** A room of these people, who are new. */
async function roomOf(...names: string[]): Promise<number> {
  const { id } = await olga.createRoom(`Room of ${names.join(' and ')}`)
  for (const name of names) await (await member(stack, olga, name)).join(id)
  return id
}

type Row = { content: string | null; seq: number | null }

/** All texts of a room, oldest first, as somebody reads them who comes later. */
async function textsOf(roomId: number): Promise<string[]> {
  const { results } = await olga.get<{ results: Row[] }>(`/api/rooms/${roomId}/messages/?limit=100`)
  const rows = results.filter(({ seq }) => seq !== null).toSorted((a, b) => a.seq! - b.seq!)
  assert.deepEqual(
    rows.map(({ seq }) => seq),
    rows.map((_, n) => n + 1),
  )
  return rows.map(({ content }) => content ?? '')
}

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name} ${n}`)
const by = (name: string, texts: readonly string[]) => texts.filter((text) => text.startsWith(`${name} `))

/** Does it again and again until the returned function is called, which waits for the last one. */
function keepDoing(t: TestContext, work: (n: number) => Promise<void>): () => Promise<number> {
  const over = new AbortController()
  const loop = async () => {
    let n = 0
    // A person who is fast, on a machine that is shared.
    for (; !over.signal.aborted; await pause(20)) await work(n++)
    return n
  }
  t.after(() => over.abort())
  const done = loop()
  return () => {
    over.abort()
    return done
  }
}

/** Sends one message after the other; what does not get through is tried again by the client, and never given up. */
const keepSending = (t: TestContext, client: Client, roomId: number, name: string) =>
  keepDoing(t, async (n) => {
    client.messages.send(roomId, `${name} ${n}`)
    await seen(client.messages.unsent, (pending) => {
      assert.ok(pending.every(({ state }) => state !== 'failed'))
      return pending.length === 0
    })
  })

/** Reads through Nginx the whole time: a read never fails, for the other backend can be asked. */
function keepReading(t: TestContext) {
  const failures: number[] = []
  const stop = keepDoing(t, async () => {
    const { status } = await olga.ask('GET', '/api/me/')
    if (status !== 200) failures.push(status)
  })
  return () => stop().then(() => failures)
}

void test('a backend that is killed during fifty sends loses nothing and doubles nothing', async (t) => {
  const roomId = await roomOf('ann', 'bob')
  const [ann, bob] = [await openClient(t, stack, 'ann'), await openClient(t, stack, 'bob')]
  const bobSees = await openRoom(bob, roomId)
  await openRoom(ann, roomId)
  const stopReading = keepReading(t)
  for (const text of numbered('ann', 50)) ann.messages.send(roomId, text)
  await seen(bobSees, ({ messages }) => messages.length >= 10)
  await stack.backends[0]?.kill()
  await seen(ann.messages.unsent, (pending) => pending.length === 0)
  await seen(bobSees, ({ messages }) => messages.length === 50)
  assert.deepEqual(await textsOf(roomId), numbered('ann', 50))
  assert.deepEqual(
    bobSees.get().messages.map(({ content }) => content),
    numbered('ann', 50),
  )
  assert.deepEqual(await stopReading(), [])
  await stack.backends[0]?.start()
})

// Ten times a drain and a start, on a machine that is shared.
void test(
  'in ten restarts, one backend after the other, nobody who sends or reads has to notice',
  { timeout: 300_000 },
  async (t) => {
    const roomId = await roomOf('cleo', 'dan')
    const [cleo, dan] = [await openClient(t, stack, 'cleo'), await openClient(t, stack, 'dan')]
    const [cleoSees, danSees] = [await openRoom(cleo, roomId), await openRoom(dan, roomId)]
    const stopReading = keepReading(t)
    const stopCleo = keepSending(t, cleo, roomId, 'cleo')
    const stopDan = keepSending(t, dan, roomId, 'dan')
    for (let n = 0; n < 10; n++) {
      const backend = stack.backends[n % stack.backends.length]!
      await backend.stop()
      await backend.start()
    }
    const [byCleo, byDan] = [await stopCleo(), await stopDan()]
    for (const timeline of [cleoSees, danSees]) {
      // Of more than a thousand the screen lets the oldest go.
      await seen(timeline, ({ messages }) => messages.at(-1)?.seq === byCleo + byDan)
      const texts = timeline.get().messages.map(({ content }) => content ?? '')
      assert.deepEqual(by('cleo', texts), numbered('cleo', byCleo).slice(-by('cleo', texts).length))
      assert.deepEqual(by('dan', texts), numbered('dan', byDan).slice(-by('dan', texts).length))
    }
    const { last_seq: last } = await new Person(stack.url)
      .signIn('cleo', 'cleo has a password')
      .then((person) => person.get<{ last_seq: number }>(`/api/rooms/${roomId}/`))
    assert.equal(last, byCleo + byDan)
    assert.deepEqual(await stopReading(), [])
  },
)
