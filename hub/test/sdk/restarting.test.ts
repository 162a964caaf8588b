import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Centrifuge } from 'centrifuge'
import { told } from './journal.ts'
import { everythingOn, newChannel, Program } from './program.ts'
import {
  connectSdk,
  endpointOf,
  httpStream,
  journalOf,
  newSdk,
  optionsFor,
  speakers,
  sse,
  subscribe,
  webSocket,
} from './sdk.ts'
import { connectionToken } from './tokens.ts'

/** It goes away in the test, so it is the test's own. */
async function ownProgram(environment = everythingOn): Promise<Program> {
  const program = new Program(environment)
  after(() => program.stop())
  await program.start()
  return program
}

describe('a restart of the hub', { concurrency: true }, () => {
  for (const { signal, connecting } of [
    { signal: 'SIGTERM' as const, connecting: { code: 3001, reason: 'shutdown' } },
    { signal: 'SIGKILL' as const, connecting: { code: 1, reason: 'transport closed' } },
  ]) {
    test(`by ${signal} is told, clients come back by themselves and know that they missed something`, async (t) => {
      const hub = await ownProgram()
      const channel = newChannel()
      const { epoch } = await hub.publish(channel, 'before')
      const clients = await Promise.all(
        speakers.map(async (speaker) => {
          const channels = [newChannel('server')]
          const token = await connectionToken('ann', { channels })
          const sdk = await connectSdk(t, hub, speaker, { token })
          return { speaker, sdk, clients: journalOf(sdk), ...(await subscribe(sdk, channel)) }
        }),
      )
      let asked = 0
      const getState = async () => {
        asked++
        const { offset, epoch } = await hub.api<{ offset: number; epoch: string }>('history', { channel })
        return { offset, epoch }
      }
      const { journal: stateful } = await subscribe(await connectSdk(t, hub), channel, { getState })
      await hub.stop(signal)
      await Promise.all(clients.map((each) => each.clients.first('connecting')))
      await hub.start()
      for (const { speaker, sdk, clients: journal, journal: subscription } of clients) {
        const { wasRecovering, recovered, streamPosition } = await subscription.nth('subscribed', 2)
        assert.deepEqual([wasRecovering, recovered, streamPosition?.offset], [true, false, 0], speaker.name)
        assert.notEqual(streamPosition?.epoch, epoch)
        const { wasRecovering: wasAway, recovered: isBack } = await journal.first('subscribed')
        assert.deepEqual([wasAway, isBack], [true, false], speaker.name)
        assert.deepEqual(told(await journal.first('connecting')), connecting, speaker.name)
        assert.deepEqual(journal.all('disconnected'), [])
        assert.equal(sdk.state, 'connected')
      }
      assert.equal((await stateful.nth('subscribed', 2)).recovered, true)
      assert.equal(asked, 2)
      await hub.publish(channel, 'after')
      for (const { speaker, journal } of clients) {
        const { data, offset } = await journal.first('publication')
        assert.deepEqual([speaker.decode(data), offset], ['after', 1])
      }
    })
  }

  test('does not matter to who tries to connect, and nobody changes the transport for it', async (t) => {
    const hub = await ownProgram()
    const order = [sse, httpStream, webSocket].map(({ transport }) => endpointOf(hub, transport))
    const connected = new Centrifuge(order, optionsFor(hub))
    t.after(() => connected.disconnect())
    const connectedBefore = journalOf(connected)
    connected.connect()
    await connected.ready(5000)
    await hub.stop()
    const sdks = speakers.map((speaker) => newSdk(t, hub, speaker))
    const journals = sdks.map(journalOf)
    for (const sdk of sdks) sdk.connect()
    await Promise.all(journals.map((journal) => journal.nth('error', 2)))
    await hub.start()
    await Promise.all(sdks.map((sdk) => sdk.ready(10_000)))
    for (const journal of journals) {
      for (const { type, error } of journal.all('error')) assert.deepEqual([type, error?.code], ['transport', 2])
    }
    assert.equal((await connectedBefore.nth('connected', 2)).transport, 'sse')
  })
})
