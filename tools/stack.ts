import { parseArgs } from 'node:util'
import { standInSentence } from './stack/centrifugo-program.ts'
import { startStack } from './stack/large.ts'

const help = `npm run stack [-- --mode api] [--engine memory|redis] [--backends 2]

Brings up the large shape as processes of this machine, with everything new: PostgreSQL, Centrifugo, backends, Nginx.
Ctrl-C ends all of it; nothing is kept.
`

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'api' },
    engine: { type: 'string', default: 'memory' },
    backends: { type: 'string', default: '2' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const { mode, engine, help: isHelp } = values
  const backends = Number(values.backends)
  if (isHelp) return say(help)
  if (mode !== 'api') throw new Error(`There is no mode ${mode}: it is api.`)
  if (engine !== 'memory' && engine !== 'redis') throw new Error(`There is no engine ${engine}: memory or redis.`)
  if (!Number.isInteger(backends) || backends < 1 || backends > 16) throw new Error('Of backends there are 1 to 16.')
  const asked = new AbortController()
  const stopAsked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        asked.abort(new Error('Stopped.'))
        resolve()
      })
    }
  })
  const stack = await startStack({ mode, engine, backends, say, signal: asked.signal })
  if (stack.standIn !== undefined) {
    say(standInSentence)
    say(`(${stack.standIn})`)
  }
  for (const [i, { url, pid }] of stack.backends.entries()) say(`Backend ${i + 1}: ${url}, process ${pid}`)
  say(`PostgreSQL: ${stack.databaseUrl}`)
  say(`The code for the first account: ${stack.setupCode}`)
  say(`\nThe large shape is running: ${stack.url}`)
  await stopAsked
  say('Stopping …')
  await stack.stop()
  say('Stopped.')
}

try {
  await main()
} catch (error) {
  say(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
