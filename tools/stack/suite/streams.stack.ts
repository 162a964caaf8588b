import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, test, type TestContext } from 'node:test'
import { Centrifuge } from 'centrifuge'
import { channels } from '../../../contracts/realtime/channels.ts'
import type { Person } from '../../../server/testing/person.ts'
import { member, owner } from './people.ts'
import { stackFor } from './stack.ts'

const stack = await stackFor({ after })
const olga = await owner(stack)

const tokenOf = async (person: Person, query: string) =>
  (await person.get<{ token: string }>(`/api/token/${query}`)).token

/** The SDK over HTTP streaming: commands go by other requests than those by which it listens. */
async function listen(t: TestContext, person: Person) {
  const endpoint = `${stack.url}/connection/http_stream`
  const sdk = new Centrifuge([{ transport: 'http_stream', endpoint }], {
    emulationEndpoint: `${stack.url}/emulation`,
    fetch,
    readableStream: ReadableStream,
    getToken: () => tokenOf(person, 'connection/'),
  })
  t.after(() => sdk.disconnect())
  const channel = channels.personal(person.id)
  const subscription = sdk.newSubscription(channel, {
    getToken: () => tokenOf(person, `subscription/?channel=${channel}`),
  })
  const heard: string[] = []
  const signs = new EventTarget()
  subscription.on('publication', ({ data }) => {
    heard.push((data as { type: string }).type)
    signs.dispatchEvent(new Event('publication'))
  })
  subscription.subscribe()
  sdk.connect()
  await subscription.ready()
  return { heard, signs }
}

void test('events come over HTTP streaming as they happen, one by one', async (t) => {
  const ann = await member(stack, olga, 'ann')
  const { id } = await ann.createRoom('Kitchen')
  const { heard, signs } = await listen(t, ann)
  for (let n = 0; n < 6; n++) {
    const next = once(signs, 'publication')
    // By turns: what another backend published in between is no loss.
    ann.url = stack.backends[n % 2]?.url ?? ''
    // A few hundred bytes: a proxy that gathers an answer would hold them back.
    await ann.send(id, `number ${n}`)
    await next
  }
  assert.deepEqual(heard, Array(6).fill('message_added'))
})

for (const transport of ['http_stream', 'sse'] as const) {
  void test(`the answer to connecting comes at once by ${transport}, while the stream stays open`, async () => {
    const command = JSON.stringify({ id: 1, connect: { token: await tokenOf(olga, 'connection/') } })
    const url = `${stack.url}/connection/${transport}`
    const response = await (transport === 'sse'
      ? fetch(`${url}?cf_connect=${encodeURIComponent(command)}`)
      : fetch(url, { method: 'POST', body: command }))
    assert.equal(response.status, 200)
    const reader = response.body!.getReader()
    let text = ''
    while (!/"connect":\{"client":/.test(text)) {
      const { done, value } = await reader.read()
      assert.equal(done, false, text)
      text += new TextDecoder().decode(value)
    }
    await reader.cancel()
  })
}
