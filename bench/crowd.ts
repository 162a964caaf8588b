import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { Api } from './api.ts'
import type { Somebody } from './world.ts'

/** People who all send to one room: so many sends a second, or so many senders without a pause. */
export type Crowd = { url: string; roomId: number; crowd: readonly Somebody[]; perSecond?: number; senders?: number }

/** Nobody needs it longer, and nobody may forget it. */
const limitMs = 60_000
const tickMs = 10

if (parentPort) {
  const given = workerData as Crowd
  const api = await Api.open(given.url, 256)
  parentPort.postMessage('sending')
  const end = performance.now() + limitMs
  if (given.perSecond) await sendAtRate(api, given, given.perSecond, end)
  else await Promise.all(Array.from({ length: given.senders ?? 1 }, (_, i) => sendOn(api, given, i, end)))
  api.close()
}

async function sendAtRate(api: Api, { roomId, crowd }: Crowd, perSecond: number, end: number): Promise<void> {
  const start = performance.now()
  for (let n = 0; performance.now() < end; await sleep(tickMs)) {
    const due = ((performance.now() - start) / 1000) * perSecond
    for (; n < due; n++) api.send(roomId, crowd[n % crowd.length]!).catch(() => undefined)
  }
}

async function sendOn(api: Api, { roomId, crowd }: Crowd, first: number, end: number): Promise<void> {
  for (let n = first; performance.now() < end; n++) {
    await api.send(roomId, crowd[n % crowd.length]!).catch(() => sleep(tickMs))
  }
}
