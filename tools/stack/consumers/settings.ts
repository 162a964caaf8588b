import { readFile } from 'node:fs/promises'
import { configPath } from '../centrifugo-config.ts'
import type { KafkaSettings } from './kafka-consumer.ts'
import type { OutboxSettings } from './outbox-consumer.ts'

type Entry = { name: string; enabled: boolean } & (
  | { type: 'postgresql'; postgresql: Record<string, unknown> & { partition_poll_interval: string } }
  | { type: 'kafka'; kafka: Record<string, unknown> }
)
export type ConsumerSettings =
  | { type: 'postgresql'; settings: OutboxSettings }
  | { type: 'kafka'; settings: KafkaSettings }

/** The consumers that Centrifugo would run: those of the file that is shipped, with what comes by environment. */
export async function readConsumers(environment: NodeJS.ProcessEnv): Promise<ConsumerSettings[]> {
  const { consumers } = JSON.parse(await readFile(configPath, 'utf8')) as { consumers: Entry[] }
  return consumers
    .map((entry) => withEnvironment(entry, `CENTRIFUGO_CONSUMERS_${entry.name.toUpperCase()}_`, environment))
    .filter(({ enabled }) => enabled)
    .map(settingsOf)
}

function withEnvironment(entry: Entry, prefix: string, environment: NodeJS.ProcessEnv): Entry {
  const copy = structuredClone(entry)
  if (environment[`${prefix}ENABLED`] !== undefined) copy.enabled = environment[`${prefix}ENABLED`] === 'true'
  const options: Record<string, unknown> = copy.type === 'kafka' ? copy.kafka : copy.postgresql
  const below = `${prefix}${copy.type.toUpperCase()}_`
  for (const [variable, text = ''] of Object.entries(environment)) {
    if (!variable.startsWith(below)) continue
    const name = variable.slice(below.length).toLowerCase()
    options[name] = parsed(text, options[name])
  }
  return copy
}

function parsed(text: string, like: unknown): unknown {
  if (Array.isArray(like)) return text.split(/[ ,]+/)
  if (typeof like === 'number') return Number(text)
  return typeof like === 'boolean' ? text === 'true' : text
}

function settingsOf(entry: Entry): ConsumerSettings {
  if (entry.type === 'kafka') return { type: 'kafka', settings: entry.kafka as KafkaSettings }
  const { partition_poll_interval: interval, ...rest } = entry.postgresql
  const settings = { ...rest, name: entry.name, pollIntervalMs: milliseconds(interval) } as OutboxSettings
  return { type: 'postgresql', settings }
}

function milliseconds(duration: string): number {
  const [, count] = /^(\d+)ms$/.exec(duration) ?? []
  if (count === undefined) throw new Error(`A duration like 300ms is expected, not ${duration}.`)
  return Number(count)
}
