import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import { publish } from './api.ts'
import { newChannel, newUser } from './names.ts'
import { connectRaw, type Message, nextData } from './raw.ts'
import { connectSdk, Heard, subscribed } from './sdk.ts'
import { startServer } from './server.ts'

const server = await startServer(
  { after },
  {
    channel: {
      namespaces: [
        { name: 'news', allow_tags_filter: true, allow_subscribe_for_client: true },
        {
          name: 'kept',
          allow_tags_filter: true,
          allow_subscribe_for_client: true,
          history_size: 50,
          history_ttl: '600s',
          force_recovery: true,
        },
        { name: 'plain', allow_subscribe_for_client: true },
      ],
    },
  },
)

const items: Array<Record<string, string>> = [
  {},
  { lang: 'ru' },
  { lang: 'en', price: '9' },
  { lang: 'en', price: '10' },
  { lang: 'de', price: '10.5' },
  { title: 'Новости дня' },
]
const end = { tags: { end: 'yes' } }

/** The numbers of the items that pass. */
async function passing(t: TestContext, tf: object): Promise<unknown[]> {
  const channel = newChannel('news')
  const client = await connectRaw(t, server, newUser())
  await client.subscribe(channel, { tf: { op: 'or', nodes: [tf, { key: 'end', cmp: 'ex' }] } })
  for (const [n, tags] of items.entries()) await publish(server, channel, n, { tags })
  await publish(server, channel, 'end', end)
  const heard: unknown[] = []
  for (;;) {
    const data = await nextData(client)
    if (data === 'end') return heard
    heard.push(data)
  }
}

const cases: Array<[what: string, tf: object, expected: number[]]> = [
  ['equal', { key: 'lang', cmp: 'eq', val: 'en' }, [2, 3]],
  ['not equal', { key: 'lang', cmp: 'neq', val: 'en' }, [0, 1, 4, 5]],
  ['one of', { key: 'lang', cmp: 'in', vals: ['ru', 'de'] }, [1, 4]],
  ['none of', { key: 'lang', cmp: 'nin', vals: ['ru', 'de'] }, [0, 2, 3, 5]],
  ['there', { key: 'price', cmp: 'ex' }, [2, 3, 4]],
  ['not there', { key: 'price', cmp: 'nex' }, [0, 1, 5]],
  ['beginning with', { key: 'title', cmp: 'sw', val: 'Нов' }, [5]],
  ['ending with', { key: 'title', cmp: 'ew', val: 'дня' }, [5]],
  ['containing', { key: 'lang', cmp: 'ct', val: 'e' }, [2, 3, 4]],
  ['less than a number', { key: 'price', cmp: 'lt', val: '10' }, [2]],
  ['at most a number', { key: 'price', cmp: 'lte', val: '10.0' }, [2, 3]],
  ['more than a number', { key: 'price', cmp: 'gt', val: '10' }, [4]],
  ['at least a number', { key: 'price', cmp: 'gte', val: '10' }, [3, 4]],
  [
    'all of these',
    {
      op: 'and',
      nodes: [
        { key: 'lang', cmp: 'eq', val: 'en' },
        { key: 'price', cmp: 'eq', val: '9' },
      ],
    },
    [2],
  ],
  ['not this', { op: 'not', nodes: [{ key: 'lang', cmp: 'ex' }] }, [0, 5]],
]

for (const [what, tf, expected] of cases) {
  test(`[SUB13] a filter by tags: ${what}`, async (t) => assert.deepEqual(await passing(t, tf), expected))
}

test('[SUB13] a filter where none is allowed, or that makes no sense, is refused', async (t) => {
  const client = await connectRaw(t, server, newUser())
  const tf = { key: 'lang', cmp: 'eq', val: 'en' }
  assert.equal(await client.ask('subscribe', { channel: newChannel('plain'), tf }), 107)
  for (const wrong of [
    { key: 'lang', cmp: 'like', val: 'e' },
    { op: 'xor', nodes: [tf] },
    { op: 'not', nodes: [tf, tf] },
  ]) {
    assert.equal(await client.ask('subscribe', { channel: newChannel('news'), tf: wrong }), 107, JSON.stringify(wrong))
  }
})

test('[SUB13] recovery brings what passes the filter, and the position moves over the rest', async (t) => {
  const channel = newChannel('kept')
  const { epoch } = await publish(server, channel, 0)
  for (const [n, tags] of items.entries()) await publish(server, channel, n, { tags })
  const client = await connectRaw(t, server, newUser())
  const tf = { key: 'lang', cmp: 'eq', val: 'en' }
  const reply = await client.subscribe(channel, { tf, recover: true, offset: 1, epoch })
  assert.equal(reply['recovered'], true)
  assert.deepEqual(
    (reply['publications'] as Message[]).map(({ data }) => data),
    [2, 3],
  )
  await publish(server, channel, 'hidden', { tags: { lang: 'ru' } })
  await publish(server, channel, 'shown', { tags: { lang: 'en' } })
  assert.equal(await nextData(client), 'shown')
})

test('the SDK hears what passes its filter', async (t) => {
  const channel = newChannel('news')
  const sdk = await connectSdk(t, server, newUser())
  const subscription = sdk.newSubscription(channel, { tagsFilter: { key: 'lang', cmp: 'eq', val: 'ru' } })
  const heard = new Heard(await subscribed(subscription))
  for (const [n, tags] of items.entries()) await publish(server, channel, n, { tags })
  await publish(server, channel, 'last', { tags: { lang: 'ru' } })
  assert.deepEqual(await heard.first(2), [1, 'last'])
})
