import { Api } from './api.ts'
import { type Installation, startInstallation } from './installation.ts'
import { closedLoop, type Load, openLoop } from './load.ts'
import { cpuSeconds, processTree } from './process-tree.ts'
import type { Row } from './report.ts'
import type { Scope } from './scope.ts'
import { openSqlSender } from './send-sql.ts'
import { percentile, summarise } from './statistics.ts'
import { addRoom, addUsers, checkRooms, openDatabase, type Somebody } from './world.ts'

export const sendSizes = {
  members: 100,
  rooms: 100,
  senders: 64,
  repeats: 3,
  seconds: 4,
  warmUpSeconds: 1,
  calm: { perSecond: 40, count: 400 },
}

type Shape = { name: string; rooms: number[]; sqlRooms: number[] }
type Burst = { perSecond: number; load: Load; serverMicroseconds: number; otherMicroseconds: number }

/** POST of messages: latency when calm, acknowledged sends per second at most, and what PostgreSQL alone can do. */
export async function send(scope: Scope, sizes = sendSizes): Promise<Row[]> {
  const installation = await startInstallation(scope)
  const db = await openDatabase(scope, installation)
  const users = await addUsers(db, 'sender', sizes.members)
  const makeRooms = async (name: string, count: number) => {
    const rooms: number[] = []
    for (let i = 0; i < count; i++) {
      rooms.push(
        await addRoom(
          db,
          `${name} ${i}`,
          users.map(({ id }) => id),
        ),
      )
    }
    return rooms
  }
  const calmRooms = await makeRooms('Calm', 1)
  const shapes: Shape[] = [
    { name: 'one room', rooms: await makeRooms('Hot', 1), sqlRooms: await makeRooms('Hot in SQL', 1) },
    {
      name: `${sizes.rooms} rooms`,
      rooms: await makeRooms('Many', sizes.rooms),
      sqlRooms: await makeRooms('Many in SQL', sizes.rooms),
    },
  ]
  const api = await Api.open(installation.url, sizes.senders)
  scope.onEnd(() => api.close())
  const sql = await openSqlSender(scope, installation, users)

  const sendTo = (rooms: readonly number[], n: number) => api.send(rooms[n % rooms.length]!, at(users, n))
  scope.say(`${sizes.calm.count} sends, ${sizes.calm.perSecond} a second`)
  await closedLoop((n) => sendTo(calmRooms, n), { workers: 1, seconds: sizes.warmUpSeconds })
  const calm = await openLoop((n) => sendTo(calmRooms, n), sizes.calm)
  const rows = calmRows(calm, sizes.members)
  for (const shape of shapes) {
    scope.say(`${shape.name}: ${sizes.senders} senders over HTTP and SQL alone in turn, ${sizes.repeats} times`)
    let acknowledged = 0
    const bursts: Burst[] = []
    const alone: number[] = []
    for (let i = 0; i <= sizes.repeats; i++) {
      const isWarmUp = i === 0
      const seconds = isWarmUp ? sizes.warmUpSeconds : sizes.seconds
      const act = (n: number) => sendTo(shape.rooms, n)
      const burst = await measureBurst(installation, () => closedLoop(act, { workers: sizes.senders, seconds }))
      acknowledged += burst.load.latenciesMs.length
      const perSecond = await sql.measure(shape.sqlRooms, seconds)
      if (isWarmUp) continue
      bursts.push(burst)
      alone.push(perSecond)
    }
    await checkRooms(db, shape.rooms, acknowledged)
    rows.push(...burstRows(shape, bursts, alone, sizes.senders))
  }
  return rows
}

/** Sends and what they cost the server and its database in processor time. */
async function measureBurst({ pid }: Installation, run: () => Promise<Load>): Promise<Burst> {
  const others = processTree(pid).filter((other) => other !== pid)
  const before = { server: cpuSeconds([pid]), others: cpuSeconds(others) }
  const load = await run()
  const each = 1e6 / Math.max(1, load.latenciesMs.length)
  return {
    load,
    perSecond: load.latenciesMs.length / load.seconds,
    serverMicroseconds: (cpuSeconds([pid]) - before.server) * each,
    otherMicroseconds: (cpuSeconds(others) - before.others) * each,
  }
}

function calmRows(load: Load, members: number): Row[] {
  const reason = load.void && { void: load.void }
  const note = `${load.latenciesMs.length} sends, ${load.refused} refused`
  const name = `send → 201, room of ${members}`
  return [
    {
      name: `${name}, p50`,
      value: percentile(load.latenciesMs, 0.5),
      unit: 'ms',
      target: { atMost: 5 },
      note,
      ...reason,
    },
    { name: `${name}, p99`, value: percentile(load.latenciesMs, 0.99), unit: 'ms', ...reason },
  ]
}

function burstRows({ name }: Shape, bursts: Burst[], alone: number[], senders: number): Row[] {
  const refused = bursts.reduce((sum, { load }) => sum + load.refused, 0)
  const late = bursts.flatMap(({ load }) => load.void ?? [])[0]
  const of = (value: (burst: Burst) => number) => summarise(bursts.map(value))
  const ratios = bursts.map(({ perSecond }, i) => perSecond / alone[i]!)
  return [
    {
      name: `${name}, acknowledged`,
      ...of(({ perSecond }) => perSecond),
      unit: '/s',
      target: { atLeast: 2_000 },
      note: `${senders} senders, ${refused} refused; every acknowledged one is there, no gaps`,
      ...(late && { void: late }),
    },
    { name: `${name}, p50 meanwhile`, ...of(({ load }) => percentile(load.latenciesMs, 0.5)), unit: 'ms' },
    { name: `${name}, server time per send`, ...of(({ serverMicroseconds }) => serverMicroseconds), unit: 'µs' },
    { name: `${name}, PostgreSQL time per send`, ...of(({ otherMicroseconds }) => otherMicroseconds), unit: 'µs' },
    {
      name: `${name}, SQL alone`,
      ...summarise(alone),
      unit: '/s',
      note: 'the batch function from the same number of connections',
    },
    { name: `${name}, HTTP to SQL alone`, ...summarise(ratios), unit: 'x' },
  ]
}

/** Everyone in turn: no one sender meets the limit per user. */
function at(users: readonly Somebody[], n: number): Somebody {
  return users[n % users.length]!
}
