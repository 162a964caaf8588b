import type pg from 'pg'
import { openDatabase as openOwnDatabase } from '../../server/database/database.ts'
import { Packer } from '../../server/search/packer.ts'
import { Api } from '../api.ts'
import { startInstallation } from '../installation.ts'
import { closedLoop, type Load, openLoop } from '../load.ts'
import { cpuSeconds, processTree } from '../process-tree.ts'
import type { Row } from '../report.ts'
import type { Scope } from '../scope.ts'
import { percentile, summarise } from '../statistics.ts'
import { judge } from '../verdict.ts'
import { addMembers, addRooms, addUsers, openDatabase, type Somebody } from '../world.ts'
import { writeHistory } from './history.ts'
import { makeQueries, makeTypos } from './queries.ts'

export const searchSizes = {
  messages: 1_000_000,
  rooms: 2_000,
  authors: 1_000,
  /** Searchers by the number of rooms that they are in. */
  few: 5,
  many: 500,
  /** Requests of each kind. */
  requests: 40,
  sends: { perSecond: 40, count: 200 },
  repeats: 3,
}

type Searcher = { name: string; somebody: Somebody }

/** Searches by kind, what the index takes, and what it costs those who send. */
export async function search(scope: Scope, sizes = searchSizes): Promise<Row[]> {
  const installation = await startInstallation(scope)
  const db = await openDatabase(scope, installation)
  const authors = await addMembers(db, 'author', sizes.authors)
  const searchers = await makeSearchers(db, sizes)
  const { rows: made } = await db.query<{ id: string }>(
    `insert into rooms (kind, name, version, members_version) select 'private', 'Room ' || n, 1, 1
     from generate_series(1, $1::integer) n returning id`,
    [sizes.rooms],
  )
  const rooms = made.map(({ id }) => Number(id))
  for (const { somebody, rooms: count } of searchers) await letIn(db, somebody, everyNth(rooms, count))
  scope.say(`writing ${sizes.messages.toLocaleString('en')} messages`)
  const languages = await writeHistory(db, { rooms, authors, messages: sizes.messages })
  scope.say('packing them')
  const packing = await pack(scope, await installation.databaseUrl())
  await db.query('vacuum analyze messages')
  for (const table of ['search_packs', 'search_signatures']) await db.query(`vacuum analyze ${table}`)
  const api = await Api.open(installation.url, 16)
  scope.onEnd(() => api.close())
  const rows: Row[] = []
  const queries = makeQueries(languages)
  for (const searcher of searchers) {
    scope.say(`searching ${searcher.name}`)
    rows.push(...(await measureKinds({ api, searcher, queries, requests: sizes.requests, pid: installation.pid })))
    const before = cpuMs(installation.pid)
    const typos = await time(api, searcher.somebody, makeTypos(languages[0]!), sizes.requests)
    const note = `${((cpuMs(installation.pid) - before) / sizes.requests).toFixed(1)} ms of processor time each`
    rows.push({
      ...row(`${searcher.name}, correction, p95`, percentile(typos, 0.95), 150),
      note,
    })
  }
  rows.push(...(await sizeRows(db, packing / sizes.messages, sizes.messages)))
  rows.push(...(await sendRows(scope, db, api, sizes)))
  return rows
}

async function makeSearchers(db: pg.Client, { few, many, rooms }: typeof searchSizes) {
  const [one, two, three] = await addUsers(db, 'searcher', 3)
  return [
    { name: `in ${few} rooms`, somebody: one!, rooms: few },
    { name: `in ${many} rooms`, somebody: two!, rooms: many },
    { name: 'in all rooms', somebody: three!, rooms },
  ]
}

/** Some of the busy and some of the quiet. */
const everyNth = (rooms: readonly number[], count: number) =>
  rooms.filter((_, i) => Math.floor((i * count) / rooms.length) !== Math.floor(((i - 1) * count) / rooms.length))

async function letIn(db: pg.Client, { id }: Somebody, rooms: readonly number[]): Promise<void> {
  await db.query(
    `insert into memberships (room_id, user_id, joined_at, version, own_version)
     select room_id, $1, clock_timestamp(), 1, n from unnest($2::bigint[]) with ordinality as room (room_id, n)`,
    [id, rooms],
  )
}

/** Milliseconds until everything is packed, by the server and by us together. */
async function pack(scope: Scope, connectionString: string): Promise<number> {
  const db = openOwnDatabase({ connectionString, maxConnections: 1 })
  scope.onEnd(() => db.destroy())
  const start = performance.now()
  await new Packer({ db, onError: () => undefined }).packAll()
  return performance.now() - start
}

/** Of the server and its database together, in hundredths of a second: it says more of a busy machine than the clock. */
const cpuMs = (pid: number) => cpuSeconds(processTree(pid)) * 1e3

type Kinds = {
  api: Api
  searcher: Searcher
  queries: Record<string, (n: number) => string>
  requests: number
  pid: number
}

async function measureKinds({ api, searcher, queries, requests, pid }: Kinds): Promise<Row[]> {
  const { name, somebody } = searcher
  const before = cpuMs(pid)
  const rows: Row[] = []
  const all: number[] = []
  for (const [kind, query] of Object.entries(queries)) {
    const beforeKind = cpuMs(pid)
    const times = await time(api, somebody, query, requests)
    all.push(...times)
    const each = (cpuMs(pid) - beforeKind) / requests
    const note = `p50 ${percentile(times, 0.5).toFixed(1)} ms; ${each.toFixed(1)} ms of processor time each`
    rows.push({ ...row(`${name}, ${kind}, p95`, percentile(times, 0.95)), note })
  }
  return [
    row(`${name}, all kinds, p50`, percentile(all, 0.5)),
    row(`${name}, all kinds, p95`, percentile(all, 0.95), 50),
    row(`${name}, processor time per search`, (cpuMs(pid) - before) / all.length),
    ...rows,
  ]
}

/** One after another, each as a person would wait for it. Those that found nothing were corrected, too. */
async function time(api: Api, somebody: Somebody, query: (n: number) => string, requests: number): Promise<number[]> {
  const times: number[] = []
  for (let n = 0; n < requests; n++) {
    const path = `/api/search/messages/?q=${encodeURIComponent(query(n))}`
    const start = performance.now()
    if (!(await api.read(path, somebody))) throw new Error(`${path} was refused`)
    times.push(performance.now() - start)
  }
  return times
}

function row(name: string, value: number, atMost?: number): Row {
  return { name, value, unit: 'ms', ...(atMost !== undefined && { target: { atMost } }) }
}

async function sizeRows(db: pg.Client, packingMs: number, messages: number): Promise<Row[]> {
  const { rows } = await db.query<{ index: string; texts: string }>(`
    select pg_total_relation_size('search_packs') + pg_total_relation_size('search_signatures') + pg_total_relation_size('search_rooms') as index,
      pg_total_relation_size('messages') as texts`)
  const [index, texts] = [Number(rows[0]!.index), Number(rows[0]!.texts)]
  const note = `${Math.round(index / messages)} bytes a message; ${Math.round(texts / messages)} in its own table`
  return [
    { name: 'index', value: index / 1e6, unit: 'MB', note },
    { name: 'packing, per message', value: packingMs * 1000, unit: 'µs' },
  ]
}

/** Sends while packs are written, and while they cannot be. */
async function sendRows(scope: Scope, db: pg.Client, api: Api, sizes: typeof searchSizes): Promise<Row[]> {
  scope.say('sending with and without the index')
  const users = await addUsers(db, 'sender', 10)
  const rooms = await addRooms(db, 'Sent to', 3, users)
  const send = (n: number) => api.send(rooms[n % rooms.length]!, users[n % users.length]!)
  await closedLoop(send, { workers: 1, seconds: 0.5 })
  const loads: { with: Load; without: Load }[] = []
  for (let i = 0; i < sizes.repeats; i++) {
    const packed = await openLoop(send, sizes.sends)
    await db.query('begin')
    await db.query('lock table search_rooms in access exclusive mode')
    const unpacked = await openLoop(send, sizes.sends)
    await db.query('rollback')
    loads.push({ with: packed, without: unpacked })
  }
  const { runs, remarks } = judge(loads, ({ with: load }) => load)
  const p50 = ({ latenciesMs }: Load) => percentile(latenciesMs, 0.5)
  return [
    { name: 'send → 201, p50', ...summarise(runs.map((run) => p50(run.with))), unit: 'ms', ...remarks },
    {
      name: 'send → 201, p50, with the index to without',
      ...summarise(runs.map((run) => p50(run.with) / p50(run.without))),
      unit: 'x',
      ...remarks,
    },
  ]
}
