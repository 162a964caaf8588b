import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { keptSeeds } from './seeds.ts'
import { type Kind, kinds, World } from './world.ts'

const casesPerKind = 400

let world: World
before(async () => {
  world = await World.start()
})
after(() => world.stop())

for (const [name, known] of Object.entries(keptSeeds)) {
  test(`[LIM8] what once did harm does none: ${name}`, () => world.run(known))
}

for (const kind of kinds) {
  test(`[LIM8] hostile ${describe(kind)} does no harm`, async () => {
    const first = randomInt(2 ** 31)
    for (let seed = first; seed < first + casesPerKind; seed++) {
      try {
        await world.run({ kind, seed })
      } catch (error) {
        throw new Error(`{ kind: '${kind}', seed: ${seed} }`, { cause: error })
      }
    }
  })
}

test('[LIM8] hostile clients leave nothing behind', async () => {
  const thousandCases = async (first: number) => {
    for (let seed = first; seed < first + 200; seed++) for (const kind of kinds) await world.run({ kind, seed })
    return world.measure()
  }
  const before = await thousandCases(1)
  const after = await thousandCases(1001)
  assert.ok(!World.isLeak(before, after), `${before} bytes were in use, then ${after}`)
})

test('harm to the witness would be noticed', async (t) => {
  const another = await World.start()
  t.after(() => another.stop())
  another.hub.disconnect('witness', { code: 3011, reason: 'force reconnect' })
  await assert.rejects(another.run({ kind: 'json', seed: 1 }), /the witness/)
})

function describe(kind: Kind): string {
  const names: Record<Kind, string> = {
    json: 'JSON',
    protobuf: 'Protobuf',
    websocket: 'framing',
    upgrade: 'handshakes',
    stream: 'streams',
    emulation: 'requests to streams',
    api: 'use of the server API',
  }
  return names[kind]
}
