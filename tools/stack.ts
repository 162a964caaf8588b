import { parseArgs } from 'node:util'
import { type BroadcastMode, broadcastModes } from './stack/centrifugo-consumers.ts'
import { standInSentence } from './stack/centrifugo-program.ts'
import { startStack } from './stack/large.ts'
import { consumersSentence } from './stack/real-time.ts'

const help = `npm run stack [-- --mode outbox|api|cdc|api_cdc] [--engine memory|redis] [--backends 2]

Brings up the large shape as processes of this machine, with everything new: PostgreSQL, Centrifugo, backends, Nginx;
for cdc also Kafka, Kafka Connect and Debezium. The mode is the way of events to Centrifugo.
Ctrl-C ends all of it; nothing is kept.
`

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'outbox' },
    engine: { type: 'string', default: 'memory' },
    backends: { type: 'string', default: '2' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const isMode = (text: string): text is BroadcastMode => broadcastModes.some((mode) => mode === text)
const say = (line: string) => void process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const { mode, engine, help: isHelp } = values
  const backends = Number(values.backends)
  if (isHelp) return say(help)
  if (!isMode(mode)) throw new Error(`There is no mode ${mode}: ${broadcastModes.join(', ')}.`)
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
    if (stack.consumers) say(consumersSentence)
  }
  for (const [i, { url, pid, metricsUrl }] of stack.backends.entries()) {
    say(`Backend ${i + 1}: ${url}, process ${pid}, ${metricsUrl}`)
  }
  say(`PostgreSQL: ${stack.databaseUrl}`)
  if (stack.cdc) {
    const { kafka, bootstrap, connect, connectUrl } = stack.cdc
    say(`Kafka: ${bootstrap}, process ${kafka.pid}`)
    say(`Kafka Connect: ${connectUrl}, process ${connect.pid}`)
  }
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
