import { channels } from '@grandchat/contracts/realtime/channels'
import { Caller } from '../hostile.ts'
import { canaryOf } from '../history.ts'
import type { Mutant } from './index.ts'
import { Stage } from './stage.ts'

/** Somebody leaves, and keeps socket, subscription and token. */
export const revocation: Mutant = {
  id: 'm7',
  title: 'who leaves stays subscribed, and old tokens stay good',
  expected: 'leaked',
  async run(hasBug) {
    const stage = await Stage.set({ ...(hasBug && { bugs: ['no revocation'] as const }) })
    try {
      const { history, room, ann, bob } = stage
      const channel = channels.here(room)
      const clinging = new Caller({ history, account: bob.account, network: bob.network, device: '_clinging' })
      const typing = new Caller({ history, account: ann.account, network: ann.network, device: '_typing' })
      const [bobWire, annWire] = [await join(clinging, channel), await join(typing, channel)]
      await bob.client.rooms.leave(room)
      await annWire.wire.ask('publish', { channel, data: { typing: canaryOf(room, 'one') } })
      await bobWire.wire.ask('subscribe', { channel, token: bobWire.token })
      await annWire.wire.ask('publish', { channel, data: { typing: canaryOf(room, 'two') } })
      // What was on its way to the socket came before the answer to this.
      await bobWire.wire.ask('subscribe', { channel, token: bobWire.token })
      for (const { wire } of [bobWire, annWire]) wire.close()
      return await stage.judge(hasBug, { graceMs: 0 })
    } finally {
      await stage.close()
    }
  },
}

async function join(caller: Caller, channel: string) {
  const tokens = await caller.tokens([channel])
  const token = tokens?.subscriptions[channel]
  const wire = tokens && (await caller.connect(tokens))
  const reply = await wire?.ask('subscribe', { channel, token })
  if (!wire || !reply || reply.error) throw new Error('a member could not listen')
  return { wire, token }
}
