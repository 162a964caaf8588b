import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { kinds, World } from './world.ts'

/** `npm run fuzz [-- --seconds 600] [--seed N]`: hostile input until the time is over, or something breaks. */
const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' } } })
const seconds = Number(values.seconds ?? 600)
let seed = Number(values.seed ?? randomInt(2 ** 31))
process.stdout.write(`Seeds from ${seed} on, for ${seconds} s.\n`)

const world = await World.start()
const end = Date.now() + seconds * 1000
let cases = 0
let before: number | undefined
for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(fault, (error) => {
    process.stdout.write(`✖ ${fault} at seed ${seed}: ${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  })
}
while (Date.now() < end) {
  for (const kind of kinds) {
    try {
      await world.run({ kind, seed })
    } catch (error) {
      process.stdout.write(
        `✖ { kind: '${kind}', seed: ${seed} }: ${error instanceof Error ? error.stack : String(error)}\n`,
      )
      process.exit(1)
    }
    cases++
  }
  seed++
  if (cases % 5_000 < kinds.length) {
    const memory = await world.measure()
    process.stdout.write(`${cases} cases, ${(memory / 1e6).toFixed(1)} MB in use\n`)
    if (before !== undefined && World.isLeak(before, memory)) {
      process.stdout.write('✖ The memory in use grows.\n')
      process.exit(1)
    }
    before ??= memory
  }
}
await world.stop()
process.stdout.write(`✔ ${cases} cases did no harm.\n`)
