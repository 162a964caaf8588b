import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Member } from '@grandchat/contracts/memberships/schema'
import type { AttachedRows, HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let people: Person[]
before(async () => {
  server = await startTestServer()
  people = [await server.owner()]
  for (const name of ['ann', 'bob', 'cat']) people.push(await server.member(name))
})
after(() => server.stop())

type Row = { version: number; left_at?: string | null }
type Rows = Partial<Pick<AttachedRows, 'reactions' | 'pins'>> & { messages?: MessageRow[]; members?: Member[] | null }

/** What somebody holds of a room who knows one rule: rows are whole, and of two the higher version is right. */
class Holding {
  #rows: Map<string, Row>

  constructor(rows = new Map<string, Row>()) {
    this.#rows = rows
  }

  merge({ messages = [], reactions = [], pins = [], members }: Rows): void {
    for (const row of messages) this.#put(`message ${row.id}`, withoutRoom(row))
    for (const row of reactions) this.#put(`reaction ${row.message_id} ${row.emoji}`, row)
    for (const row of members ?? []) this.#put(`member ${row.user.id}`, row)
    for (const row of pins) this.#put(`pin ${row.message_id}`, row)
  }

  copy(): Holding {
    return new Holding(new Map(this.#rows))
  }

  /** Those who left are not among the members of a page. */
  get rows(): [string, Row][] {
    const there = [...this.#rows].filter(([, row]) => (row.left_at ?? null) === null)
    return there.toSorted(([a], [b]) => (a < b ? -1 : 1))
  }

  #put(key: string, row: Row): void {
    if ((this.#rows.get(key)?.version ?? 0) < row.version) this.#rows.set(key, row)
  }
}

/** Lists carry a message's room besides. */
function withoutRoom(row: MessageRow & { room?: unknown }): MessageRow {
  const { room: _room, ...message } = row
  return message
}

function rowsOf({ type, body }: Event): Rows {
  if (type === 'message_added') return { messages: [body] }
  if (type === 'user_joined' || type === 'user_left')
    return { messages: body.message ? [body.message] : [], members: body.members }
  return type === 'rows_changed' ? body : {}
}

/** The same numbers every time (mulberry32). */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const emoji = ['👍', '🎉', '❤️', '😂'].map(encodeURIComponent)

/** One random deed of a random person; some are refused. */
function act(random: (below: number) => number, room: string, messageIds: readonly number[]): Promise<unknown> {
  const person = people[random(people.length)]!
  const id = messageIds[messageIds.length - 1 - random(Math.min(messageIds.length, 8))]!
  const reaction = `${room}messages/${id}/reactions/${emoji[random(emoji.length)]}/`
  const deeds: [method: string, path: string, body?: unknown][] = [
    ['POST', `${room}messages/`, { content: `said ${random(1_000)}`, reply_to: id }],
    ['POST', `${room}messages/`, { content: `said ${random(1_000)}` }],
    ['PATCH', `${room}messages/${id}/`, { content: `edited ${random(3)}` }],
    ['DELETE', `${room}messages/${id}/`],
    ['PUT', reaction],
    ['PUT', reaction],
    ['DELETE', reaction],
    ['PUT', `${room}pins/${id}/`],
    ['DELETE', `${room}pins/${id}/`],
    ['PUT', `${room}read-marker/`, { seq: random(80) }],
    ['POST', '/api/receipts/', { rooms: { [room.split('/')[3]!]: random(80) } }],
    ['POST', `${room}${person === people[0] ? 'join' : ['join', 'leave'][random(2)]}/`, {}],
  ]
  const [method, path, body] = deeds[random(deeds.length)]!
  return person.ask(method, path, body)
}

for (const seed of [1, 2, 3]) {
  test(`who heard every event, who asked what changed, and who reads it all now hold the same (${seed})`, async () => {
    const random = seeded(seed)
    const [owner] = people as [Person]
    const { id: roomId } = await owner.createRoom(`Convergence ${seed}`)
    const room = `/api/rooms/${roomId}/`
    const hears = await server.listen(owner)
    const ids = [(await owner.send(roomId, 'the first')).id]
    for (const person of people.slice(1)) await person.join(roomId)
    const away: Read[] = []
    for (let round = 0; round < 12; round++) {
      await Promise.all(Array.from({ length: 15 }, () => act(random, room, ids)))
      await server.services.receipts.flush()
      const page = await owner.get<HistoryPage>(`${room}messages/?after=${ids.at(-1)}`)
      ids.push(...page.results.map(({ id }) => id).toReversed())
      if (round % 4 === 0) away.push(await readAll(owner, room))
    }
    const { version } = await owner.get<OwnRoom>(room)
    const now = await readAll(owner, room)
    assert.equal(now.version, version)

    await hears.until(() => hears.inRoom(roomId).at(-1)?.body.room.version === version)
    const heard = new Holding()
    heard.merge({ messages: (await owner.get<HistoryPage>(`${room}messages/?limit=100&before=${ids[0]}`)).results })
    const events = hears.inRoom(roomId)
    assert.deepEqual(
      events.map(({ body }) => body.room.version),
      Array.from({ length: version - 1 }, (_, n) => n + 2),
    )
    for (const event of events) heard.merge(rowsOf(event))
    assert.deepEqual(heard.rows, now.holds.rows)

    for (const read of away) assert.deepEqual((await catchUp(owner, room, read)).rows, now.holds.rows)
  })
}

type Read = { version: number; holds: Holding }

/** Every page of the room, while nothing happens in it, and its version. */
async function readAll(person: Person, room: string): Promise<Read> {
  const holds = new Holding()
  let before = ''
  for (;;) {
    const page = await person.get<HistoryPage>(`${room}messages/?limit=20${before}`)
    holds.merge({ ...page, messages: page.results })
    if (!page.more) return { version: page.version, holds }
    before = `&before=${page.results.at(-1)!.id}`
  }
}

async function catchUp(person: Person, room: string, { version, holds }: Read): Promise<Holding> {
  const caughtUp = holds.copy()
  let since = version
  for (;;) {
    const changes = await person.get<RoomChanges>(`${room}changes/?since=${since}`)
    caughtUp.merge(changes)
    if (!changes.more) return caughtUp
    since = changes.to
  }
}
