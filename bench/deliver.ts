import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, Observable } from '../client/index.ts'
import { openBrowser } from '../client/testing/browser.ts'
import { startInstallation } from './installation.ts'
import { type Load, openLoop } from './load.ts'
import type { Row } from './report.ts'
import type { Scope } from './scope.ts'
import { latencyRows, refusedIn } from './verdict.ts'
import { addRoom, addUsers, checkRooms, openDatabase, runOn } from './world.ts'

export const deliverSizes = { rooms: [2, 100, 1_000], perSecond: 20, count: 70, repeats: 3 }

const waitMs = 15_000
const password = 'a password for the benchmark'

/** From the moment one client is told to send until another shows the message, both through the real SDK. */
export async function deliver(scope: Scope, sizes = deliverSizes): Promise<Row[]> {
  const installation = await startInstallation(scope)
  const db = await openDatabase(scope, installation)
  const [writerId, readerId] = await signUp(scope, installation.url)
  const others = await addUsers(db, 'member', Math.max(...sizes.rooms) - 2)
  const rooms: number[] = []
  for (const members of sizes.rooms) {
    const ids = [writerId, readerId, ...others.slice(0, members - 2).map(({ id }) => id)]
    rooms.push(await addRoom(runOn(db), `Room of ${members}`, ids))
  }
  const writer = await signIn(scope, installation.url, 'writer', rooms.length)
  const reader = await signIn(scope, installation.url, 'reader', rooms.length)
  const rows: Row[] = []
  for (const [i, roomId] of rooms.entries()) {
    scope.say(`room of ${sizes.rooms[i]}: ${sizes.perSecond} messages a second, ${sizes.repeats} × ${sizes.count}`)
    const close = reader.messages.open(roomId)
    await until(reader.messages.timeline(roomId), ({ status }) => status === 'ready')
    const loads: Load[] = []
    for (let n = 0; n <= sizes.repeats; n++) loads.push(await sendAndShow(writer, reader, roomId, sizes))
    close()
    if (refusedIn(loads) > 0) throw new Error(`${refusedIn(loads)} messages were not shown`)
    await checkRooms(db, [roomId], loads.length * sizes.count)
    // The first run warms up.
    rows.push(...rowsOf(sizes.rooms[i]!, loads.slice(1)))
  }
  return rows
}

async function sendAndShow(
  writer: Client,
  reader: Client,
  roomId: number,
  rate: { perSecond: number; count: number },
): Promise<Load> {
  const timeline = reader.messages.timeline(roomId)
  const waiting = new Map<string, () => void>()
  let seen = timeline.get().messages.at(-1)?.seq ?? 0
  const unsubscribe = timeline.subscribe(() => {
    const { messages } = timeline.get()
    for (const { client_message_id: key, seq } of messages.slice(
      messages.findLastIndex((row) => row.seq === seen) + 1,
    )) {
      seen = seq ?? seen
      if (key) waiting.get(key)?.()
    }
  })
  const act = (n: number) =>
    new Promise<boolean>((resolve) => {
      const key = writer.messages.send(roomId, `Message ${n}, as people write them: one line and one thought.`)
      waiting.set(key, () => resolve(true))
    })
  return openLoop(act, rate).finally(unsubscribe)
}

function rowsOf(members: number, loads: readonly Load[]): Row[] {
  const name = `send → shown, room of ${members.toLocaleString('en')}`
  return latencyRows(name, loads, members === 100 ? { atMost: 10 } : undefined)
}

/** Makes the accounts of both through the front door and returns their ids. */
async function signUp(scope: Scope, url: string): Promise<[number, number]> {
  const owner = openClient(scope, url)
  await owner.session.start()
  await owner.session.setUp({ username: 'writer', password })
  const session = owner.session.get()
  if (session.status !== 'signed_in') throw new Error(`the owner is ${session.status}`)
  const { id } = await owner.users.create({ username: 'reader', password })
  owner.close()
  return [session.me.id, id]
}

async function signIn(scope: Scope, url: string, username: string, rooms: number): Promise<Client> {
  const client = openClient(scope, url)
  await client.session.start()
  await client.session.signIn(username, password)
  await until(client.connection, (state) => state === 'live')
  await until(client.rooms.list, (list) => list.rooms.length === rooms)
  return client
}

function openClient(scope: Scope, url: string): Client {
  scope.assertOpen()
  const client = openBrowser(url)
  scope.onEnd(() => client.close())
  return client
}

async function until<T>(observable: Observable<T>, isTrue: (value: T) => boolean): Promise<void> {
  const reached = new Promise<void>((resolve) => {
    const look = () => isTrue(observable.get()) && resolve()
    observable.subscribe(look)
    look()
  })
  const tooLate = sleep(waitMs, undefined, { ref: false }).then(() => {
    throw new Error(`a client waited in vain, with ${JSON.stringify(observable.get()).slice(0, 200)}`)
  })
  await Promise.race([reached, tooLate])
}
