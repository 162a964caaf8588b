import { findCentrifugoOnce } from '../../tools/stack/centrifugo.ts'
import type { Row, Target } from '../report.ts'
import type { Scope } from '../scope.ts'
import { summarise } from '../statistics.ts'
import { broadcast, connects, fanOut, storm } from './loads.ts'
import { centrifugo, floor, ourHub, type Server, type StartServer } from './servers.ts'

export const hubSizes = {
  subscribers: [100, 1_000, 8_000],
  broadcasts: [
    { channels: 1_000, online: 1_000 },
    { channels: 100_000, online: 1_000 },
  ],
  connections: 4_000,
  storm: 5_000,
  repeats: 3,
  /** How many a run of throughput makes, and how long a calm one lasts. */
  deliveries: 200_000,
  calmMs: 4_000,
}

type Sizes = typeof hubSizes
/** One figure of one run, by its name. */
type Figures = Map<string, number>

const units = { '/s': '/s', ms: 'ms', µs: 'µs', B: 'kB', s: 's' } as const

/** The same load on each server in turn, each time on a fresh process, so that none has the quieter hour. */
export async function hub(scope: Scope, sizes: Sizes = hubSizes, others = realCentrifugo): Promise<Row[]> {
  const servers = [floor, ourHub, ...(await others(scope))]
  const runs = new Map<string, Figures[]>(servers.map(({ name }) => [name, []]))
  for (let n = 0; n < sizes.repeats; n++) {
    for (const server of servers) runs.get(server.name)?.push(await measure(scope, server, sizes))
  }
  return rowsOf(runs)
}

/** Wanted by name, or in the cache, or to be had; else the figures stand without it, and say so. */
async function realCentrifugo(scope: Scope): Promise<StartServer[]> {
  try {
    const binary = process.env['CENTRIFUGO_BIN'] ?? (await findCentrifugoOnce())
    scope.facts['Centrifugo'] = binary
    return [centrifugo(binary)]
  } catch (error) {
    scope.facts['Centrifugo'] = `not compared: ${error instanceof Error ? error.message : String(error)}`
    return []
  }
}

async function measure(scope: Scope, starter: StartServer, sizes: Sizes): Promise<Figures> {
  const figures: Figures = new Map()
  const onFresh = async <T>(run: (server: Server) => Promise<T>): Promise<T> => {
    const server = await starter.start(scope)
    const result = await run(server)
    await server.stop()
    return result
  }
  for (const subscribers of sizes.subscribers) {
    const { throughput, latencies } = await onFresh((server) => fanOut(scope, server, { ...sizes, subscribers }))
    const name = `one channel, ${subscribers.toLocaleString('en')} subscribers`
    figures.set(`${name}: deliveries|/s`, throughput.perSecond)
    figures.set(`${name}: processor time of a delivery|µs`, throughput.cpuMicroseconds)
    figures.set(`${name}: publish → received, p50|ms`, latencies.p50)
    figures.set(`${name}: publish → received, p99|ms`, latencies.p99)
  }
  for (const size of sizes.broadcasts) {
    // Bare sockets know no channels but those of their sockets.
    if (starter === floor && size.channels > size.online) continue
    const { callMs, latencies, cpuMicroseconds } = await onFresh((server) =>
      broadcast(scope, server, { ...sizes, ...size }),
    )
    const name = `broadcast to ${size.channels.toLocaleString('en')} channels, ${size.online.toLocaleString('en')} online`
    figures.set(`${name}: call|ms`, callMs)
    figures.set(`${name}: processor time of a channel|µs`, cpuMicroseconds)
    figures.set(`${name}: call → received, p50|ms`, latencies.p50)
    figures.set(`${name}: call → received, p99|ms`, latencies.p99)
  }
  if (starter === floor) return figures
  const connected = await onFresh((server) => connects(scope, server, sizes.connections))
  figures.set('connects with tokens and a subscription|/s', connected.perSecond)
  figures.set('processor time of a connect|µs', connected.cpuMicroseconds)
  figures.set('memory of an idle connection (kB of 1,024 bytes)|B', connected.idleBytes / 1024)
  const back = await onFresh((server) => storm(scope, server, sizes.storm))
  figures.set(`${sizes.storm.toLocaleString('en')} clients come back and recover|s`, back.seconds)
  figures.set('processor time of a recovery|µs', back.cpuMicroseconds)
  return figures
}

function rowsOf(runs: Map<string, Figures[]>): Row[] {
  const own = runs.get(ourHub.name) ?? []
  return [...(own[0]?.keys() ?? [])].map((key) => {
    const [name = '', unit = ''] = key.split('|')
    const valuesOf = (each: Figures[]) => each.flatMap((figures) => figures.get(key) ?? [])
    const { value, spread } = summarise(valuesOf(own))
    const note = [...runs]
      .filter(([other]) => other !== ourHub.name)
      .flatMap(([other, figures]) => {
        const values = valuesOf(figures)
        return values.length > 0 ? [`${(value / summarise(values).value).toFixed(2)}x of ${other}`] : []
      })
      .join(', ')
    const target: { target?: Target } =
      unit === '/s' && name.includes('deliveries') ? { target: { atLeast: 40_000 } } : {}
    return { name, value, spread, unit: units[unit as keyof typeof units], note, ...target }
  })
}
