import { setTimeout as sleep } from 'node:timers/promises'
import { cpuSeconds, pssBytes } from '../process-tree.ts'
import type { Scope } from '../scope.ts'
import { percentile } from '../statistics.ts'
import { openAll, tokens } from './clients.ts'
import type { Server } from './servers.ts'
import { marker } from './socket.ts'

/** About what a chat message with its event takes. */
const padding = `${marker}${'x'.repeat(250)}`
/** Every how many-th socket's arrivals are timed: reading the time from each frame would load the generator. */
const timedShare = 16

export type Throughput = { perSecond: number; cpuMicroseconds: number }
export type Latencies = { p50: number; p99: number }

/** Counts arrivals at all sockets, and times those at some. */
class Arrivals {
  count = 0
  readonly latenciesMs: number[] = []
  #wanted = 0
  #wake: (() => void) | undefined

  readonly take = (count: number, frame: Buffer, index: number): void => {
    this.count += count
    if (index % timedShare === 0) {
      const arrived = performance.now()
      for (const [, sent] of frame.toString().matchAll(/"t":([\d.]+)/g)) this.latenciesMs.push(arrived - Number(sent))
    }
    if (this.count >= this.#wanted) this.#wake?.()
  }

  async reach(count: number): Promise<void> {
    this.#wanted = count
    if (this.count < count) {
      const tooLate = AbortSignal.timeout(60_000)
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve
        tooLate.addEventListener('abort', () => reject(new Error(`${this.count} of ${count} arrived`)))
      })
    }
  }
}

const payload = () => ({ t: Number(performance.now().toFixed(3)), padding })

/** One publication after the other to the same subscribers, as fast as they arrive; then at a calm rate. */
export async function fanOut(
  scope: Scope,
  server: Server,
  { subscribers, deliveries, calmMs }: { subscribers: number; deliveries: number; calmMs: number },
): Promise<{ throughput: Throughput; latencies: Latencies }> {
  const arrivals = new Arrivals()
  const { sockets } = await openAll(server, {
    tokens: await tokens(subscribers),
    channelOf: () => 'live:everybody',
    onPublications: arrivals.take,
  })
  const publish = () => server.api('publish', { channel: 'live:everybody', data: payload() })
  const publications = Math.max(12, Math.ceil(deliveries / subscribers))
  const window = Math.max(2, Math.ceil(2_000 / subscribers))
  await measured(server, arrivals, { publications: window, window, receivers: subscribers, publish })
  const throughput = await measured(server, arrivals, { publications, window, receivers: subscribers, publish })
  arrivals.latenciesMs.length = 0
  const intervalMs = Math.max(20, subscribers / 20)
  const calm = Math.max(2, Math.ceil(calmMs / intervalMs))
  const before = arrivals.count
  for (let n = 0; n < calm; n++) {
    await publish()
    await sleep(intervalMs)
  }
  await arrivals.reach(before + calm * subscribers)
  for (const socket of sockets) socket.close()
  scope.say(`${server.name}, ${subscribers} subscribers: ${Math.round(throughput.perSecond)} deliveries a second`)
  return { throughput, latencies: latenciesOf(arrivals) }
}

/** One call to very many channels, of which few have somebody online. */
export async function broadcast(
  scope: Scope,
  server: Server,
  { channels, online, deliveries }: { channels: number; online: number; deliveries: number },
): Promise<{ callMs: number; latencies: Latencies; cpuMicroseconds: number }> {
  const arrivals = new Arrivals()
  const { sockets } = await openAll(server, {
    tokens: await tokens(online),
    channelOf: (index) => `personal:${index * Math.floor(channels / online)}`,
    onPublications: arrivals.take,
  })
  const names = Array.from({ length: channels }, (_, index) => `personal:${index}`)
  const call = () => server.api('broadcast', { channels: names, data: payload() })
  await call()
  await arrivals.reach(online)
  arrivals.latenciesMs.length = 0
  const calls: number[] = []
  const cpu = cpuSeconds([server.pid])
  const repeats = Math.max(3, Math.ceil(deliveries / channels))
  for (let n = 1; n <= repeats; n++) {
    const start = performance.now()
    await call()
    calls.push(performance.now() - start)
    await arrivals.reach(online * (n + 1))
  }
  const cpuMicroseconds = ((cpuSeconds([server.pid]) - cpu) * 1e6) / (repeats * channels)
  for (const socket of sockets) socket.close()
  scope.say(`${server.name}, ${channels} channels: ${Math.round(percentile(calls, 0.5))} ms a call`)
  return { callMs: percentile(calls, 0.5), latencies: latenciesOf(arrivals), cpuMicroseconds }
}

/** Connections with tokens, and what each costs while it is idle. */
export async function connects(
  scope: Scope,
  server: Server,
  count: number,
): Promise<{ perSecond: number; cpuMicroseconds: number; idleBytes: number }> {
  const signed = await tokens(count)
  const memory = pssBytes(server.pid)
  const cpu = cpuSeconds([server.pid])
  const start = performance.now()
  const { sockets } = await openAll(server, { tokens: signed, channelOf: (index) => `personal:${index}` })
  const seconds = (performance.now() - start) / 1000
  const cpuMicroseconds = ((cpuSeconds([server.pid]) - cpu) * 1e6) / count
  await sleep(1_000)
  const idleBytes = (pssBytes(server.pid) - memory) / count
  for (const socket of sockets) socket.close()
  scope.say(`${server.name}: ${Math.round(count / seconds)} connects a second`)
  return { perSecond: count / seconds, cpuMicroseconds, idleBytes }
}

/** Everybody is cut off, misses three publications, and comes back at once. Fails when anything is missing. */
export async function storm(
  scope: Scope,
  server: Server,
  clients: number,
): Promise<{ seconds: number; cpuMicroseconds: number }> {
  const signed = await tokens(clients)
  const channelOf = (index: number) => `personal:${index}`
  const first = await openAll(server, { tokens: signed, channelOf })
  const epochs = first.answers.map((answer) => /"epoch":"([^"]+)"/.exec(answer)?.[1] ?? '')
  for (const socket of first.sockets) socket.close()
  const channels = signed.map((_, index) => channelOf(index))
  for (let n = 0; n < 3; n++) await server.api('broadcast', { channels, data: payload() })
  const cpu = cpuSeconds([server.pid])
  const start = performance.now()
  const again = await openAll(server, {
    tokens: signed,
    channelOf,
    extra: (index) => `,"recover":true,"epoch":"${epochs[index]}","offset":0`,
  })
  const seconds = (performance.now() - start) / 1000
  const cpuMicroseconds = ((cpuSeconds([server.pid]) - cpu) * 1e6) / clients
  const isWhole = again.answers.every((answer) => /"recovered":true/.test(answer) && /"offset":3/.test(answer))
  for (const socket of again.sockets) socket.close()
  if (!isWhole) throw new Error(`${server.name} did not recover everybody`)
  scope.say(`${server.name}: ${clients} clients back after ${seconds.toFixed(1)} s`)
  return { seconds, cpuMicroseconds }
}

type Run = { publications: number; window: number; receivers: number; publish: () => Promise<void> }

async function measured(server: Server, arrivals: Arrivals, run: Run): Promise<Throughput> {
  const { publications, window, receivers, publish } = run
  const before = arrivals.count
  const cpu = cpuSeconds([server.pid])
  const start = performance.now()
  for (let n = 0; n < publications; n++) {
    await publish()
    await arrivals.reach(before + (n + 1 - window) * receivers)
  }
  await arrivals.reach(before + publications * receivers)
  const deliveries = publications * receivers
  return {
    perSecond: (deliveries * 1000) / (performance.now() - start),
    cpuMicroseconds: ((cpuSeconds([server.pid]) - cpu) * 1e6) / deliveries,
  }
}

function latenciesOf({ latenciesMs }: Arrivals): Latencies {
  return { p50: percentile(latenciesMs, 0.5), p99: percentile(latenciesMs, 0.99) }
}
