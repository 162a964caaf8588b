import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { told } from './journal.ts'
import { everythingOn, startProgram } from './program.ts'
import { connectSdk, journalOf, newSdk, speakers, webSocket } from './sdk.ts'

const hub = await startProgram({
  ...everythingOn,
  // A machine that stands still for a second must not look like a client that does not answer.
  CENTRIFUGO_CLIENT_PING_INTERVAL: '2500ms',
  CENTRIFUGO_CLIENT_PONG_TIMEOUT: '2400ms',
})

/** Answers no ping. */
class Mute extends WebSocket {
  override send(data: string): void {
    if (data !== '{}') super.send(data)
  }
}

/** As long as the hub waits for a pong, seen at a client that sends none. */
async function isToldOff(t: TestContext): Promise<void> {
  const sdk = await connectSdk(t, hub, webSocket, { websocket: Mute })
  const journal = journalOf(sdk)
  assert.deepEqual(await journal.first('connecting'), { code: 3012, reason: 'no pong' })
  await journal.first('connected')
}

describe('pings', { concurrency: true }, () => {
  for (const speaker of speakers) {
    test(`over ${speaker.name} who answers pings stays connected, who does not is told 3012`, async (t) => {
      const sdk = newSdk(t, hub, speaker)
      const journal = journalOf(sdk)
      sdk.connect()
      await sdk.ready(5000)
      await isToldOff(t)
      assert.deepEqual(journal.names(), ['connecting', 'connected'])
    })

    test(`over ${speaker.name} a client that misses pings connects again`, async (t) => {
      // The wait is the interval in whole seconds and the delay: shorter than until the next ping.
      const sdk = newSdk(t, hub, speaker, { maxServerPingDelay: 200 - 3000 })
      const journal = journalOf(sdk)
      sdk.connect()
      assert.deepEqual(told(await journal.nth('connecting', 2)), { code: 2, reason: 'no ping' })
      await journal.nth('connected', 2)
    })
  }
})
