import assert from 'node:assert/strict'
import { test } from 'node:test'
import { methods } from '../protocol.ts'
import { channelToken, connectionToken } from './fixture.ts'
import { LoopbackClient, newNode } from './loopback.ts'
import { random } from './random.ts'

const members = [
  'channel',
  'token',
  'data',
  'recover',
  'epoch',
  'offset',
  'positioned',
  'recoverable',
  'join_leave',
  'delta',
  'flag',
  'type',
  'limit',
  'since',
  'reverse',
  'method',
  '__proto__',
]

const channels = [
  'open:1',
  'room:1',
  'here:1',
  'plain:1',
  '$open:1',
  'open:#eve',
  'nowhere:1',
  ':',
  '#',
  'x'.repeat(300),
]
const numbers = [0, 1, 2, 3, -1, 1.5, 2 ** 53, 2 ** 64, -(2 ** 31)]
const positions = [{ offset: 3 }, { offset: 1, epoch: 'x' }, { offset: -1 }]
const oddities = [null, true, false, '', 'fossil', '_', [], {}, [[{ a: 1 }]], ...numbers, ...positions]

for (let seed = 1; seed <= 5; seed++) {
  test(`[LIM8] [CON7] random commands are answered or end the connection, and nothing fails inside (seed ${seed})`, async (t) => {
    const { below, pick } = random(seed)
    const failures: object[] = []
    const note = (fields: object) => void failures.push(fields)
    const nothing = () => {}
    const node = newNode(t, { logger: { debug: nothing, info: nothing, warn: nothing, error: note } })
    const tokens = [
      await channelToken('eve', 'room:1'),
      await channelToken('eve', 'here:1'),
      await connectionToken('eve'),
    ]
    const values = () => pick<unknown>([...channels, ...tokens, ...oddities])
    const request = () => Object.fromEntries(Array.from({ length: below(7) }, () => [pick(members), values()]))
    let answered = 0
    for (let n = 0; n < 200; n++) {
      const client = new LoopbackClient(t, node)
      await client.connect('eve')
      for (let id = 2; id < 30; id++) {
        const method = pick(methods.slice(1))
        const command = {
          id,
          [method]: below(20) ? { channel: pick(['open:1', 'room:1', 'here:1']), ...request() } : values(),
        }
        client.receive(command)
      }
      client.receive({ id: 30, rpc: {} })
      while (client.ends.length === 0 && !client.messages.some(({ id }) => id === 30)) await new Promise(setImmediate)
      const codes = client.ends.map(({ code }) => code)
      assert.ok(
        codes.every((code) => [3005, 3500, 3501, 3508].includes(code)),
        String(codes),
      )
      answered += client.messages.length
      client.client.transportClosed()
    }
    assert.deepEqual(failures, [])
    assert.ok(answered > 400, 'most got through')
    assert.deepEqual(node.registry.counts, { clients: 0, users: 0, channels: 0, subscriptions: 0 })
  })
}
