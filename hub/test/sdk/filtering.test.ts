import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FilterNode } from 'centrifuge'
import { everythingOn, newChannel, startProgram } from './program.ts'
import { connectSdk, journalOfSubscription, speakers, subscribe } from './sdk.ts'

const hub = await startProgram({
  ...everythingOn,
  CENTRIFUGO_CHANNEL_NAMESPACES: JSON.stringify([{ name: 'off' }]),
})
const color = (val: string): FilterNode => ({ key: 'color', cmp: 'eq', val })
const tagged: Array<Record<string, string>> = [
  { color: 'red', size: '9' },
  { color: 'blue', size: '10' },
  { color: 'green' },
  {},
]
const cases: Array<{ filter: FilterNode; wanted: number[] }> = [
  { filter: color('red'), wanted: [0] },
  { filter: { key: 'color', cmp: 'neq', val: 'red' }, wanted: [1, 2, 3] },
  { filter: { key: 'color', cmp: 'in', vals: ['red', 'blue'] }, wanted: [0, 1] },
  { filter: { key: 'color', cmp: 'nin', vals: ['red', 'blue'] }, wanted: [2, 3] },
  { filter: { key: 'size', cmp: 'ex' }, wanted: [0, 1] },
  { filter: { key: 'size', cmp: 'nex' }, wanted: [2, 3] },
  { filter: { key: 'color', cmp: 'sw', val: 'gr' }, wanted: [2] },
  { filter: { key: 'color', cmp: 'ew', val: 'e' }, wanted: [1] },
  { filter: { key: 'color', cmp: 'ct', val: 'e' }, wanted: [0, 1, 2] },
  { filter: { key: 'size', cmp: 'gt', val: '9' }, wanted: [1] },
  { filter: { key: 'size', cmp: 'gte', val: '9' }, wanted: [0, 1] },
  { filter: { key: 'size', cmp: 'lt', val: '10' }, wanted: [0] },
  { filter: { key: 'size', cmp: 'lte', val: '10' }, wanted: [0, 1] },
  { filter: { op: 'and', nodes: [{ key: 'size', cmp: 'ex' }, color('red')] }, wanted: [0] },
  { filter: { op: 'or', nodes: [color('green'), color('red')] }, wanted: [0, 2] },
  { filter: { op: 'not', nodes: [color('red')] }, wanted: [1, 2, 3] },
]

for (const speaker of speakers) {
  test(`over ${speaker.name} a filter lets through what matches, live and recovered`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const filtered = await Promise.all(
      cases.map(async ({ filter, wanted }) => ({
        wanted,
        ...(await subscribe(sdk, newChannel(), { tagsFilter: filter })),
      })),
    )
    const channels = filtered.map(({ subscription }) => subscription.channel)
    const publishAll = async (round: number) => {
      for (const [n, tags] of tagged.entries()) await hub.api('broadcast', { channels, data: round * 10 + n, tags })
    }
    await publishAll(0)
    await Promise.all(filtered.map(({ journal, wanted }) => journal.nth('publication', wanted.length)))
    sdk.disconnect()
    await publishAll(1)
    sdk.connect()
    await Promise.all(filtered.map(({ journal, wanted }) => journal.nth('publication', wanted.length * 2)))
    for (const { journal, wanted } of filtered) {
      assert.deepEqual(
        journal.all('publication').map(({ data }) => speaker.decode(data)),
        [...wanted, ...wanted.map((n) => 10 + n)],
      )
      assert.equal((await journal.nth('subscribed', 2)).recovered, true)
    }
  })

  test(`over ${speaker.name} another filter counts from the next subscription on`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const { subscription, journal } = await subscribe(sdk, newChannel(), { tagsFilter: color('red') })
    subscription.setTagsFilter(color('blue'))
    await hub.publish(subscription.channel, 'old', { tags: { color: 'red' } })
    await journal.first('publication')
    subscription.unsubscribe()
    subscription.subscribe()
    await journal.nth('subscribed', 2)
    await hub.publish(subscription.channel, 'unwanted', { tags: { color: 'red' } })
    await hub.publish(subscription.channel, 'new', { tags: { color: 'blue' } })
    assert.equal(speaker.decode((await journal.nth('publication', 2)).data), 'new')
    subscription.setTagsFilter(null)
    subscription.unsubscribe()
    subscription.subscribe()
    await journal.nth('subscribed', 3)
    await hub.publish(subscription.channel, 'any')
    assert.equal(speaker.decode((await journal.nth('publication', 3)).data), 'any')
  })

  test(`over ${speaker.name} a filter that is malformed or not allowed is refused`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    for (const { channel, tagsFilter } of [
      { channel: 'off:x', tagsFilter: color('red') },
      { channel: newChannel(), tagsFilter: { key: 'color', cmp: 'like', val: 'x' } as unknown as FilterNode },
      { channel: newChannel(), tagsFilter: { op: 'not', nodes: [] } as FilterNode },
    ]) {
      const subscription = sdk.newSubscription(channel, { tagsFilter })
      const journal = journalOfSubscription(subscription)
      subscription.subscribe()
      assert.equal((await journal.first('unsubscribed')).code, 107)
    }
    assert.equal(sdk.state, 'connected')
  })
}
