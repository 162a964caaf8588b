import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Api } from './api.ts'
import type { Crowd } from './crowd.ts'
import { type Installation, startInstallation } from './installation.ts'
import { type Load, openLoop } from './load.ts'
import type { Row } from './report.ts'
import type { Scope } from './scope.ts'
import { median, percentile, summarise } from './statistics.ts'
import { judge, refusedIn } from './verdict.ts'
import { addRooms, addUsers, openDatabase, type Somebody } from './world.ts'

export const neighboursSizes = {
  members: 100,
  rooms: 20,
  repeats: 3,
  probes: { perSecond: 50, count: 150 },
  hotPerSecond: 500,
  senders: 64,
}
type Sizes = typeof neighboursSizes

/** What goes on in the other room; each returns how to end it. */
type Disturbance = { name: string; begin: () => Promise<() => Promise<unknown>> }

/** Sends in quiet rooms while another room is quiet, hot or locked: what its neighbours feel. */
export async function neighbours(scope: Scope, sizes: Sizes = neighboursSizes): Promise<Row[]> {
  const installation = await startInstallation(scope)
  const db = await openDatabase(scope, installation)
  const users = await addUsers(db, 'neighbour', sizes.members)
  const crowd = await addUsers(db, 'crowd', sizes.members)
  const rooms = await addRooms(db, 'Quiet', sizes.rooms, users)
  const [hotRoom = 0] = await addRooms(db, 'Hot', 1, crowd)
  const gather = (load: Pick<Crowd, 'perSecond' | 'senders'>) =>
    startCrowd(scope, { url: installation.url, roomId: hotRoom, crowd, ...load })

  const disturbances: Disturbance[] = [
    { name: 'quiet', begin: async () => async () => undefined },
    { name: `hot, ${sizes.hotPerSecond} sends/s`, begin: () => gather({ perSecond: sizes.hotPerSecond }) },
    { name: `hot, ${sizes.senders} senders nonstop`, begin: () => gather({ senders: sizes.senders }) },
    {
      name: `locked, ${sizes.senders} senders waiting`,
      async begin() {
        await db.query('begin')
        await db.query('select 1 from rooms where id = $1 for no key update', [hotRoom])
        const stop = await gather({ senders: sizes.senders })
        return async () => {
          await db.query('rollback')
          return stop()
        }
      },
    },
  ]
  const measured = await measureInTurn(scope, installation, { disturbances, rooms, users, sizes })
  return rowsOf(disturbances, measured)
}

type Plan = {
  disturbances: readonly Disturbance[]
  rooms: readonly number[]
  users: readonly Somebody[]
  sizes: Sizes
}

async function measureInTurn(
  scope: Scope,
  { url }: Installation,
  { disturbances, rooms, users, sizes: { repeats, probes } }: Plan,
): Promise<Load[][]> {
  const api = await Api.open(url, 32)
  scope.onEnd(() => api.close())
  const probe = (n: number) => api.send(rooms[n % rooms.length]!, users[n % users.length]!)
  await openLoop(probe, { ...probes, count: Math.ceil(probes.count / 4) })
  const loads: Load[][] = disturbances.map(() => [])
  for (let i = 0; i < repeats; i++) {
    for (const [d, { name, begin }] of disturbances.entries()) {
      scope.say(`the other room is ${name} (${i + 1} of ${repeats})`)
      const stop = await begin()
      loads[d]!.push(await openLoop(probe, probes))
      await stop()
    }
  }
  return loads
}

function rowsOf(disturbances: readonly Disturbance[], loads: readonly Load[][]): Row[] {
  const p50 = (load: Load) => percentile(load.latenciesMs, 0.5)
  const quiet = median(loads[0]!.map(p50))
  return disturbances.flatMap(({ name }, d): Row[] => {
    const { runs, remarks } = judge(loads[d]!, (load) => load)
    const refused = refusedIn(loads[d]!)
    const note = [refused && `${refused} refused`, remarks.note].filter(Boolean).join(', ')
    const common = { ...remarks, ...(note && { note }) }
    const times = summarise(runs.map(p50))
    const ratios = summarise(runs.map((load) => p50(load) / quiet))
    const row: Row = { name: `p50, other room ${name}`, ...times, unit: 'ms', ...common }
    if (d === 0) return [row]
    return [
      row,
      { name: `relative to quiet, other room ${name}`, ...ratios, unit: 'x', target: { atMost: 1.5 }, ...common },
    ]
  })
}

/** Lets a crowd send from a thread of its own, so that its work does not delay our clocks. */
async function startCrowd(scope: Scope, crowd: Crowd): Promise<() => Promise<unknown>> {
  scope.assertOpen()
  const worker = new Worker(new URL('./crowd.ts', import.meta.url), { workerData: crowd })
  const stop = () => worker.terminate()
  scope.onEnd(async () => void (await stop()))
  // The first answer of the worker: it is sending.
  await once(worker, 'message')
  return stop
}
