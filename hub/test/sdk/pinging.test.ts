import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import { WebSocket } from 'ws'
import { told } from './journal.ts'
import { everythingOn, startProgram } from './program.ts'
import { connectSdk, journalOf, newSdk, speakers, webSocket } from './sdk.ts'

const patient = await startProgram()
const hasty = await startProgram({
  ...everythingOn,
  CENTRIFUGO_CLIENT_PING_INTERVAL: '200ms',
  CENTRIFUGO_CLIENT_PONG_TIMEOUT: '100ms',
})

/** Answers no ping. */
class Mute extends WebSocket {
  override send(data: string): void {
    if (data !== '{}') super.send(data)
  }
}

/** As long as the hub waits for a pong, seen at a client that sends none. */
async function isToldOff(t: TestContext): Promise<void> {
  const sdk = await connectSdk(t, hasty, webSocket, { websocket: Mute })
  const journal = journalOf(sdk)
  assert.deepEqual(await journal.first('connecting'), { code: 3012, reason: 'no pong' })
  await journal.first('connected')
}

describe('pings', { concurrency: true }, () => {
  for (const speaker of speakers) {
    test(`over ${speaker.name} who answers pings stays connected, who does not is told 3012`, async (t) => {
      const sdk = newSdk(t, hasty, speaker)
      const journal = journalOf(sdk)
      sdk.connect()
      await sdk.ready(5000)
      for (let n = 0; n < 3; n++) await isToldOff(t)
      assert.deepEqual(journal.names(), ['connecting', 'connected'])
    })

    test(`over ${speaker.name} a client that misses pings connects again`, async (t) => {
      // The wait is the interval and the delay: together as good as nothing.
      const sdk = newSdk(t, patient, speaker, { maxServerPingDelay: 20 - 25_000 })
      const journal = journalOf(sdk)
      sdk.connect()
      assert.deepEqual(told(await journal.nth('connecting', 2)), { code: 2, reason: 'no ping' })
      await journal.nth('connected', 2)
    })
  }
})
