import { Api } from './api.ts'
import { type Installation, startInstallation } from './installation.ts'
import { closedLoop, type Load, openLoop } from './load.ts'
import { cpuSeconds, processTree } from './process-tree.ts'
import type { Row, Unit } from './report.ts'
import type { Scope } from './scope.ts'
import { openSqlSender } from './send-sql.ts'
import { percentile, summarise } from './statistics.ts'
import { judge, latencyRows, refusedIn } from './verdict.ts'
import { addRooms, addUsers, checkRooms, openDatabase, type Somebody } from './world.ts'

export const sendSizes = {
  members: 100,
  rooms: 100,
  senders: 64,
  repeats: 3,
  seconds: 3,
  warmUpSeconds: 1,
  calm: { perSecond: 40, count: 130 },
}

type Shape = { name: string; rooms: number[]; sqlRooms: number[] }
type Burst = {
  load: Load
  perSecond: number
  serverMicroseconds: number
  postgresMicroseconds: number
  ownMicroseconds: number
}
type Run = { burst: Burst; alonePerSecond: number }

/** POST of messages: latency when calm, acknowledged sends per second at most, and what PostgreSQL alone can do. */
export async function send(scope: Scope, sizes = sendSizes): Promise<Row[]> {
  const installation = await startInstallation(scope)
  const db = await openDatabase(scope, installation)
  const users = await addUsers(db, 'sender', sizes.members)
  const makeRooms = (name: string, count: number) => addRooms(db, name, count, users)
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
  scope.say(`${sizes.calm.perSecond} sends a second, ${sizes.repeats} × ${sizes.calm.count}`)
  await closedLoop((n) => sendTo(calmRooms, n), { workers: 1, seconds: sizes.warmUpSeconds })
  const calm: Load[] = []
  for (let i = 0; i < sizes.repeats; i++) calm.push(await openLoop((n) => sendTo(calmRooms, n), sizes.calm))
  const rows = latencyRows(`send → 201, room of ${sizes.members}`, calm, { atMost: 5 })
  for (const shape of shapes) {
    scope.say(`${shape.name}: ${sizes.senders} senders over HTTP and SQL alone in turn, ${sizes.repeats} times`)
    let acknowledged = 0
    const runs: Run[] = []
    for (let i = 0; i <= sizes.repeats; i++) {
      const load = { workers: sizes.senders, seconds: i === 0 ? sizes.warmUpSeconds : sizes.seconds }
      const burst = await measureBurst(installation, () => closedLoop((n) => sendTo(shape.rooms, n), load))
      acknowledged += burst.load.latenciesMs.length
      runs.push({ burst, alonePerSecond: await sql.measure(shape.sqlRooms, load.seconds) })
    }
    await checkRooms(db, shape.rooms, acknowledged)
    rows.push(...burstRows(shape, runs.slice(1), sizes.senders))
  }
  return rows
}

/** Sends and what they cost the server, its database and us in processor time. */
async function measureBurst({ pid }: Installation, run: () => Promise<Load>): Promise<Burst> {
  const postgres = () => cpuSeconds(processTree(pid).filter((other) => other !== pid))
  const before = { server: cpuSeconds([pid]), postgres: postgres(), own: process.cpuUsage() }
  const load = await run()
  const own = process.cpuUsage(before.own)
  const sends = Math.max(1, load.latenciesMs.length)
  return {
    load,
    perSecond: load.latenciesMs.length / load.seconds,
    serverMicroseconds: ((cpuSeconds([pid]) - before.server) * 1e6) / sends,
    postgresMicroseconds: ((postgres() - before.postgres) * 1e6) / sends,
    ownMicroseconds: (own.user + own.system) / sends,
  }
}

function burstRows({ name }: Shape, all: readonly Run[], senders: number): Row[] {
  const { runs, remarks } = judge(all, ({ burst }) => burst.load)
  const refused = refusedIn(all.map(({ burst }) => burst.load))
  const row = (what: string, unit: Unit, value: (run: Run) => number): Row => {
    return { name: `${name}, ${what}`, ...summarise(runs.map(value)), unit, ...remarks }
  }
  const note = [`${senders} senders, ${refused} refused, none lost`, remarks.note].filter(Boolean).join(', ')
  return [
    { ...row('acknowledged', '/s', ({ burst }) => burst.perSecond), target: { atLeast: 2_000 }, note },
    row('p50 meanwhile', 'ms', ({ burst }) => percentile(burst.load.latenciesMs, 0.5)),
    row('server time per send', 'µs', ({ burst }) => burst.serverMicroseconds),
    row('PostgreSQL time per send', 'µs', ({ burst }) => burst.postgresMicroseconds),
    row('generator time per send', 'µs', ({ burst }) => burst.ownMicroseconds),
    row('SQL alone', '/s', ({ alonePerSecond }) => alonePerSecond),
    row('HTTP to SQL alone', 'x', ({ burst, alonePerSecond }) => burst.perSecond / alonePerSecond),
  ]
}

/** Everyone in turn: no one sender meets the limit per user. */
function at(users: readonly Somebody[], n: number): Somebody {
  return users[n % users.length]!
}
