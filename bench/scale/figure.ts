import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { channels } from '../../contracts/realtime/channels.ts'
import type { Client } from '../../client/index.ts'
import { openBrowser } from '../../client/testing/browser.ts'
import { Api, messageText } from '../api.ts'
import type { Row } from '../report.ts'
import { Scope } from '../scope.ts'
import { median, summarise } from '../statistics.ts'
import { addMembers, addRoom, addUsers, openDatabase, runOn, type Somebody } from '../world.ts'
import { type Place, type Way, ways } from './ways.ts'

export const scaleSizes = { rooms: [100, 1_000, 10_000, 100_000], messages: 25, warmUp: 5, ways }

const patienceMs = 30_000
/** Between two messages, so that each has the machine for itself. */
const pauseMs = 20

/** Milliseconds, one of each for every message. */
type Times = { create: number[]; broadcast: number[]; delivery: number[] }

/**
 * One message after the other into rooms of very different sizes, one member online, by every way that there is.
 * `create`: until the 201. `delivery`: until the other member shows it. `broadcast`: one call of the real-time layer's API
 * with as many channels, next to the rest, because a copy each cannot be quicker than that.
 */
export async function scale(scope: Scope, sizes = scaleSizes): Promise<Row[]> {
  const rows: Row[] = []
  for (const way of sizes.ways) {
    const own = new Scope((line) => scope.say(`${way.name}: ${line}`), scope.facts)
    scope.onEnd(() => own.end())
    try {
      rows.push(...(await measure(own, way, sizes)))
    } catch (error) {
      rows.push({ name: way.name, value: Number.NaN, unit: 'ms', void: `not run: ${String(error).split('\n')[0]}` })
    } finally {
      await own.end()
    }
  }
  return rows
}

async function measure(scope: Scope, way: Way, sizes: typeof scaleSizes): Promise<Row[]> {
  const place = await way.start(scope)
  const db = await openDatabase(scope, place)
  const [writer, reader] = (await addUsers(db, 'person', 2)) as [Somebody, Somebody]
  const crowd = await addMembers(db, 'member', Math.max(...sizes.rooms) - 2)
  const roomIds: number[] = []
  for (const members of sizes.rooms) {
    const ids = [writer.id, reader.id, ...crowd.slice(0, members - 2)]
    roomIds.push(await addRoom(runOn(db), `Room of ${members}`, ids, { delivery: deliveryOf(way, members) }))
  }
  await db.query('vacuum analyze')
  const client = await signIn(scope, place, reader, roomIds.length)
  const api = await Api.open(place.url, 4)
  const rows: Row[] = []
  let first: number | undefined
  for (const [i, roomId] of roomIds.entries()) {
    const members = sizes.rooms[i]!
    scope.say(`room of ${members.toLocaleString('en')}`)
    const isCopied = deliveryOf(way, members) === 'personal'
    const names = isCopied ? crowd.slice(0, members).map((id) => channels.personal(id)) : []
    const times = await sendAll({ api, writer, client, roomId, place, names }, sizes)
    rows.push(...rowsOf(`${way.name}, ${members.toLocaleString('en')} members`, times))
    first ??= median(times.delivery)
    if (i === roomIds.length - 1 && !way.isAlwaysPersonal) {
      rows.push({
        name: `${way.name}: delivery, largest room by smallest`,
        value: median(times.delivery) / first,
        unit: 'x',
        target: { atMost: 2 },
      })
    }
  }
  api.close()
  await checkWhole(db, roomIds, sizes)
  return rows
}

/** The limit of the small shape and of the large one lie between the same sizes. */
const deliveryOf = ({ isAlwaysPersonal }: Way, members: number) =>
  isAlwaysPersonal || members <= 1_000 ? 'personal' : 'room'

type Sending = {
  api: Api
  writer: Somebody
  client: Client
  roomId: number
  place: Place
  /** Channels of those who are not online; none where a room has its own. */
  names: readonly string[]
}

async function sendAll(sending: Sending, { messages, warmUp }: typeof scaleSizes): Promise<Times> {
  const { client, roomId, place, names } = sending
  const close = client.messages.open(roomId)
  await until(client, roomId, ({ status }) => status === 'ready')
  const times: Times = { create: [], broadcast: [], delivery: [] }
  for (let n = 0; n < warmUp + messages; n++) {
    const { create, delivery } = await sendOne(sending)
    await sleep(pauseMs)
    const broadcast = names.length > 0 ? await timed(() => call(place, names)) : undefined
    await sleep(pauseMs)
    if (n < warmUp) continue
    times.create.push(create)
    times.delivery.push(delivery)
    if (broadcast !== undefined) times.broadcast.push(broadcast)
  }
  close()
  return times
}

async function sendOne({ api, writer, client, roomId }: Sending): Promise<{ create: number; delivery: number }> {
  const timeline = client.messages.timeline(roomId)
  const before = timeline.get().messages.at(-1)?.seq ?? 0
  const start = performance.now()
  const shown = until(client, roomId, ({ messages }) => (messages.at(-1)?.seq ?? 0) > before)
  if (!(await api.send(roomId, writer))) throw new Error('a message was refused')
  const create = performance.now() - start
  return { create, delivery: (await shown) - start }
}

type Timeline = ReturnType<ReturnType<Client['messages']['timeline']>['get']>

/** Resolves with the moment at which the reader's screen was so. */
function until(client: Client, roomId: number, isSo: (timeline: Timeline) => boolean): Promise<number> {
  const timeline = client.messages.timeline(roomId)
  return new Promise((resolve, reject) => {
    const tooLate = setTimeout(() => reject(new Error('the reader waited in vain')), patienceMs)
    const look = () => {
      if (!isSo(timeline.get())) return
      clearTimeout(tooLate)
      unsubscribe()
      resolve(performance.now())
    }
    const unsubscribe = timeline.subscribe(look)
    queueMicrotask(look)
  })
}

/** What the publisher asks of the real-time layer, of channels that nobody listens to. */
async function call({ api }: Place, names: readonly string[]): Promise<void> {
  const data = { type: 'none', body: { content: messageText } }
  const response = await fetch(`${api.url}/broadcast`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-API-Key': api.key },
    body: JSON.stringify({ channels: names, data }),
  })
  const text = await response.text()
  if (response.status !== 200) throw new Error(`the broadcast was answered with ${response.status}: ${text}`)
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function signIn(scope: Scope, place: Place, reader: Somebody, rooms: number): Promise<Client> {
  scope.assertOpen()
  const client = openBrowser(place.url, {}, undefined, { cookie: reader.cookie })
  scope.onEnd(() => client.close())
  await client.session.start()
  const giveUpAt = performance.now() + patienceMs
  while (client.connection.get() !== 'live' || client.rooms.list.get().rooms.length < rooms) {
    if (performance.now() > giveUpAt) throw new Error('the reader could not come in')
    await sleep(20)
  }
  // Channels of large rooms are subscribed to at a random moment.
  await sleep(3_000)
  return client
}

function rowsOf(name: string, times: Times): Row[] {
  const parts = ['create', 'broadcast', 'delivery'] as const
  return parts
    .filter((part) => times[part].length > 0)
    .map((part) => ({ name: `${name}: ${part}`, ...summarise(times[part]), unit: 'ms' }))
}

async function checkWhole(db: pg.Client, roomIds: readonly number[], sizes: typeof scaleSizes): Promise<void> {
  const { rows } = await db.query<{ last_seq: string }>('select last_seq from rooms where id = any ($1::bigint[])', [
    roomIds,
  ])
  const wanted = sizes.messages + sizes.warmUp
  if (!rows.every(({ last_seq }) => Number(last_seq) === wanted)) throw new Error('messages are missing')
}
