import assert from 'node:assert/strict'
import { test } from 'node:test'
import { told } from './journal.ts'
import { everythingOn, newChannel, startProgram } from './program.ts'
import { binaryWebSocket, connectSdk, journalOf, newSdk, speakers, subscribe, webSocket } from './sdk.ts'

const hub = await startProgram({
  ...everythingOn,
  CENTRIFUGO_CHANNEL_NAMESPACES: JSON.stringify([{ name: 'plain' }]),
})

for (const speaker of speakers) {
  test(`over ${speaker.name} history goes both ways, from any position`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    for (let n = 1; n <= 10; n++) await hub.publish(channel, { n }, { tags: { n: String(n) } })
    const { subscription } = await subscribe(sdk, channel)
    const { epoch } = await sdk.history(channel)
    const offsets = async (options: Parameters<typeof sdk.history>[1]) => {
      const result = await subscription.history(options ?? {})
      assert.deepEqual([result.offset, result.epoch], [10, epoch])
      return result.publications.map(({ offset }) => offset)
    }
    assert.deepEqual(await offsets({}), [])
    assert.deepEqual(await offsets({ limit: 0 }), [])
    assert.deepEqual(await offsets({ limit: 3 }), [1, 2, 3])
    assert.deepEqual(await offsets({ limit: -1 }), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    assert.deepEqual(await offsets({ limit: 3, reverse: true }), [10, 9, 8])
    assert.deepEqual(await offsets({ limit: 3, since: { offset: 8, epoch } }), [9, 10])
    assert.deepEqual(await offsets({ limit: 3, since: { offset: 0, epoch } }), [1, 2, 3])
    assert.deepEqual(await offsets({ limit: 3, since: { offset: 10, epoch } }), [])
    assert.deepEqual(await offsets({ limit: 3, since: { offset: 5, epoch }, reverse: true }), [4, 3, 2])
    assert.deepEqual(await offsets({ limit: 100, since: { offset: 3, epoch: '' } }), [4, 5, 6, 7, 8, 9, 10])
    const { publications } = await sdk.history(channel, { limit: 1 })
    const { data, ...rest } = publications[0] ?? {}
    assert.deepEqual(speaker.decode(data), { n: 1 })
    assert.deepEqual(told(rest), { channel, offset: 1, tags: { n: '1' } })
  })

  test(`over ${speaker.name} history of another epoch is error 112, and where there is none 108`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const channel = newChannel()
    await hub.publish(channel, 1)
    const elsewhere = { limit: 1, since: { offset: 1, epoch: 'other' } }
    await assert.rejects(sdk.history(channel, elsewhere), { code: 112, message: 'unrecoverable position' })
    await assert.rejects(sdk.history(newChannel('plain:x'), { limit: 1 }), { code: 108, message: 'not available' })
    await assert.rejects(sdk.history('nowhere:x', { limit: 1 }), { code: 102, message: 'unknown channel' })
    const fromNothing = { limit: 1, since: { offset: 0, epoch: '' }, reverse: true }
    await assert.rejects(sdk.history(channel, fromNothing), { code: 107, message: 'bad request' })
    const { publications, offset, epoch } = await sdk.history(newChannel(), { limit: 5 })
    assert.deepEqual([publications, offset], [[], 0])
    assert.notEqual(epoch, '')
  })

  test(`over ${speaker.name} a name that no channel may have is error 107, whatever is asked`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const refused = { code: 107, message: 'bad request' }
    await assert.rejects(sdk.publish('канал', speaker.encode(1)), refused)
    await assert.rejects(sdk.history('канал', { limit: 1 }), refused)
    await assert.rejects(sdk.presence('канал'), refused)
    await assert.rejects(sdk.presenceStats('канал'), refused)
  })

  test(`over ${speaker.name} who names no channel is told 3501`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const journal = journalOf(sdk)
    await assert.rejects(sdk.publish('', speaker.encode(1)), { code: 11, message: 'connection closed' })
    assert.deepEqual(told(await journal.first('disconnected')), { code: 3501, reason: 'bad request' })
  })

  test(`over ${speaker.name} presence shows who is there, and counts them`, async (t) => {
    const [sdk, other] = [await connectSdk(t, hub, speaker), await connectSdk(t, hub)]
    const channel = newChannel()
    assert.deepEqual(told((await sdk.presence(channel)).clients), {})
    assert.deepEqual(await sdk.presenceStats(channel), { numClients: 0, numUsers: 0 })
    const { subscription } = await subscribe(sdk, channel)
    await subscribe(other, channel)
    const { clients } = await subscription.presence()
    assert.equal(Object.keys(clients).length, 2)
    for (const [id, info] of Object.entries(clients)) assert.deepEqual([info.client, info.user], [id, ''])
    assert.deepEqual(await subscription.presenceStats(), { numClients: 2, numUsers: 1 })
    other.disconnect()
    const gone = async () => (await sdk.presenceStats(channel)).numClients === 1
    while (!(await gone())) await new Promise(setImmediate)
    await assert.rejects(sdk.presence(newChannel('plain:x')), { code: 108, message: 'not available' })
    await assert.rejects(sdk.presenceStats('nowhere:x'), { code: 102, message: 'unknown channel' })
  })

  test(`over ${speaker.name} there is nobody to call, and the connection lives on`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const journal = journalOf(sdk)
    const data = speaker.encode({ x: 1 })
    await assert.rejects(sdk.rpc('method', data), { code: 108, message: 'not available' })
    await assert.rejects(sdk.rpc('', data), { code: 108, message: 'not available' })
    assert.deepEqual(journal.entries, [])
  })

  test(`over ${speaker.name} a message to the server ends the connection with 3508`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    const journal = journalOf(sdk)
    await sdk.send(speaker.encode({ x: 1 }))
    assert.deepEqual(told(await journal.first('disconnected')), { code: 3508, reason: 'not available' })
  })

  test(`over ${speaker.name} what is asked before connecting is answered after it`, async (t) => {
    const sdk = newSdk(t, hub, speaker)
    const channel = newChannel()
    const asked = Promise.all([
      sdk.publish(channel, speaker.encode(1)),
      sdk.presenceStats(channel),
      sdk.history(channel, { limit: 10 }),
    ])
    sdk.connect()
    const [, stats, history] = await asked
    assert.equal(stats.numClients, 0)
    assert.equal(history.epoch.length > 0, true)
  })

  test(`over ${speaker.name} what a subscription cannot publish is an error with its code`, async (t) => {
    const sdk = await connectSdk(t, hub, speaker)
    await assert.rejects(sdk.publish('nowhere:x', speaker.encode(1)), { code: 102, message: 'unknown channel' })
    const subscription = sdk.newSubscription(newChannel())
    await assert.rejects(subscription.publish(speaker.encode(1)), { code: 7, message: 'unsubscribed' })
    await assert.rejects(subscription.history({ limit: 1 }), { code: 7 })
    await assert.rejects(subscription.presence(), { code: 7 })
    await assert.rejects(subscription.presenceStats(), { code: 7 })
  })
}

test('what is asked without a connection fails when the client disconnects, or in time', async (t) => {
  const sdk = newSdk(t, hub, webSocket, { timeout: 20 })
  const refused = assert.rejects(sdk.rpc('x', 1), { code: 3, message: 'disconnected' })
  sdk.disconnect()
  await refused
  await assert.rejects(sdk.presence(newChannel()), { code: 1, message: 'timeout' })
})

test('an empty payload is error 107', async (t) => {
  const sdk = await connectSdk(t, hub, binaryWebSocket)
  await assert.rejects(sdk.publish(newChannel(), new Uint8Array()), { code: 107, message: 'bad request' })
})
