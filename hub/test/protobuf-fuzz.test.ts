import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEmulationRequest } from '../protobuf-messages.ts'
import { methods } from '../protocol.ts'
import { parseFilter } from '../tags-filter.ts'
import { random } from './random.ts'
import { commandType, delimit, sdk, plain, readCommands, requests } from './protobuf-fixture.ts'

test('no frame of 20,000 that chance made is more than malformed', () => {
  const { below, pick } = random(11)
  const whole = methods.map((method, index) =>
    Buffer.from(sdk.encodeCommands([{ id: index + 1, [method]: requests[method] }])),
  )
  const mutate = () => {
    const frame = Buffer.concat(Array.from({ length: 1 + below(3) }, () => pick(whole)))
    for (let edits = 1 + below(4); edits > 0; edits--)
      frame[below(frame.length)] = pick([0, 0x80, 0xff, below(256), below(16)])
    return below(3) === 0 ? frame.subarray(below(frame.length)) : frame
  }
  const noise = () => Buffer.from(Array.from({ length: below(64) }, () => pick([below(256), below(16), 10, 0x80])))
  const counts = { commands: 0, pongs: 0, malformed: 0 }
  for (let round = 0; round < 20_000; round++) {
    const frame = round % 2 === 0 ? mutate() : noise()
    const commands = [...readCommands(frame)]
    assert.ok(commands.length <= frame.length + 1)
    assert.equal(commands.slice(0, -1).includes(undefined), false, 'nothing is read after what is malformed')
    for (const command of commands) {
      if (command === undefined) counts.malformed++
      else if (command === 'pong') counts.pongs++
      else {
        counts.commands++
        assert.ok(command.id >= 0 && command.id < 2 ** 32 && methods.includes(command.method))
        if (command.method === 'subscribe') {
          parseFilter(command.request.tf)
          assert.ok(Number.isInteger(command.request.offset ?? 0) && (command.request.offset ?? 0) >= 0)
        }
      }
    }
    readEmulationRequest(frame)
  }
  assert.ok(Math.min(...Object.values(counts)) > 500, JSON.stringify(counts))
})

test('what is read of a mutated frame is what the definition of the messages reads', () => {
  const { below, pick } = random(12)
  let compared = 0
  for (let round = 0; round < 5000; round++) {
    const method = pick(methods.filter((method) => method !== 'connect'))
    const frame = delimit({ id: 1 + below(1000), [method]: requests[method] })
    frame[below(frame.length)] = below(256)
    const [command] = readCommands(frame)
    if (typeof command !== 'object') continue
    // Whatever we accept the library accepts, too.
    const other = commandType.toObject(commandType.decodeDelimited(frame), { longs: Number }) as Record<string, object>
    const known = Object.keys(command.request)
    const members = Object.entries(other[command.method] ?? assert.fail(command.method)).filter(([name]) =>
      known.includes(name),
    )
    assert.equal(command.id, other['id'] ?? 0)
    if (command.method === 'publish') continue
    assert.deepEqual(plain(command.request), plain(Object.fromEntries(members)))
    compared++
  }
  assert.ok(compared > 1000, String(compared))
})
