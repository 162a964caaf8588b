import { absentVisit } from './absent-visit.ts'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { Client, ClientOptions } from '../index.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { keyOf } from './model-messages.ts'
import { deliver } from './model-receipts.ts'
import { runRoom } from './model-running.ts'
import { createRoutes } from './model-routes.ts'
import { ModelServer } from './model-server.ts'
import { emoji, moveOwnRow, say, touchMessage } from './happenings.ts'
import { findStale, findStaleMessage, findStalePins } from './stale.ts'
import { MemoryCache } from './memory-cache.ts'
import { Network } from './network.ts'
import { createSeeded } from './seeded.ts'
import { createVirtualTime, settle } from './virtual-time.ts'

type Connect = NonNullable<ClientOptions['connect']>
type Socket = Parameters<Connect>[0]

const viewer = 1
/** Long enough for one look at the head, the moment before it is believed, and the repairs that follow. */
const oneLookMs = 80_000

type SimulationOptions = {
  /** Rooms are renamed, archived and restored, too. */
  isRun?: boolean
}

/**
 * One client and one server, and between them a network that loses, repeats, delays and reorders. Returns what the
 * client still shows wrongly after everything has become quiet and it has looked at the head once.
 */
export async function simulate(
  createClient: (options: ClientOptions) => Client,
  seed: number,
  { isRun = false }: SimulationOptions = {},
): Promise<string[]> {
  const seeded = createSeeded(seed)
  const { below, chance, pick } = seeded
  const time = createVirtualTime()
  const events: Event[] = []
  let socket: Socket | undefined
  let isSocketUp = false
  const model = new ModelServer((userId, event) => {
    if (userId !== viewer || !isSocketUp) return
    const { room } = event.body as { room?: { id: number; version: number } }
    // What could not be published is announced by its version alone.
    const isLost = room !== undefined && chance(0.05)
    events.push(isLost ? { type: 'room_changed', body: { room: position(room) } } : copy(event))
  })
  const bounds = { pageRows: 2 + below(4), memberRows: 100, changeRows: 3 + below(5), maxBehind: 8 + below(20) }
  const serve = createRoutes(model, viewer, bounds)
  const network = new Network(serve, ({ path }) => path === '/api/csrf/' || path === '/api/me/')
  const roomIds = populate()
  const firstVersions = new Map(roomIds.map((id) => [id, model.rooms.get(id)!.room.version]))
  let uuids = 0
  const sent: { roomId: number; id: string }[] = []
  const errors: unknown[] = []
  const open = new Map<number, () => void>()
  const followed = new Map<string, { roomId: number; id: number; end: () => void }>()
  /** The last that this client wanted of a reaction. */
  const wishes = new Map<string, { roomId: number; id: number; face: string; isOn: boolean }>()
  const loss = pick([0, 0.05, 0.2, 0.5])
  const inOrder = pick([0.6, 1])

  function populate(): number[] {
    for (const name of ['ann', 'bob', 'cleo']) model.addUser(name)
    model.hasLines = true
    const ids = ['one', 'two', 'three'].slice(0, 1 + below(3)).map((name) => model.addRoom(name, 2).id)
    for (const id of ids) {
      if (chance(0.8)) model.join(viewer, id)
      for (let n = below(10); n > 0; n--) model.send(2, id, say('old', n))
    }
    return ids
  }

  const storage = { ...createMemoryStorage(), ...(chance(0.7) && { cache: new MemoryCache() }) }
  let client = openClient()

  function openClient(): Client {
    let mine: Socket | undefined
    return createClient({
      baseUrl: 'http://model',
      fetch: network.fetch,
      WebSocket: {} as typeof WebSocket,
      storage,
      ...time,
      random: () => seeded.random(),
      uuid: () => `${++uuids}`,
      isOnline: () => true,
      isVisible: () => true,
      onSignal: () => () => {},
      onHide: () => () => {},
      report: (error) => errors.push(error),
      connect(setup) {
        socket = mine = setup
        return {
          listenTo() {},
          visit: absentVisit,
          close() {
            if (socket === mine) socket = undefined
          },
        }
      },
    })
  }

  /** The tab is closed with what was on its way, and opened again. */
  async function reload() {
    client.close()
    for (const flight of Array.from(network.flights)) network.lose(flight)
    events.length = 0
    isSocketUp = false
    client = openClient()
    await client.session.start()
    for (const roomId of open.keys()) open.set(roomId, openRoom(roomId))
    const before = [...followed.values()]
    followed.clear()
    for (const { roomId, id } of before) follow(roomId, id)
    if (chance(0.9)) flipSocket()
  }

  const someRoom = () => pick(roomIds)
  const writer = (roomId: number) => pick([1, 2, 2, 3].filter((id) => model.isMember(id, roomId)))

  /** What happens on the server, by others or by the viewer's other devices. */
  function change() {
    const roomId = someRoom()
    const { messages } = model.rooms.get(roomId)!
    const who = 1 + below(3)
    const isMember = model.isMember(who, roomId)
    const kind = below(20)
    if (kind > 17) deliver(model, roomId, who, below(model.rooms.get(roomId)!.room.last_seq + 1), chance(0.5))
    else if (kind < 5) {
      const author = writer(roomId)
      if (author !== undefined) model.send(author, roomId, say('new', below(1_000)))
    } else if (kind < 9 && messages.size > 0) {
      model.change(roomId, pick([...messages.keys()]), chance(0.8) ? 'edit' : 'remove')
    } else if (kind < 10) {
      if (isMember) model.leave(who, roomId)
      else model.join(who, roomId)
    } else if (kind < 11 && model.isMember(viewer, roomId)) {
      model.moveMarker(viewer, roomId, below(model.rooms.get(roomId)!.room.last_seq + 1))
    } else if (kind === 11 && chance(0.5)) model.rename(who, `name ${below(1000)}`)
    else if (kind === 11) moveOwnRow(model, seeded)
    // What this client reacts with is its own to set: its last wish must come true.
    else if (kind > 11) touchMessage(model, seeded, roomId, 2 + below(2))
  }

  /** What the viewer does here. */
  function act() {
    const roomId = someRoom()
    const kind = below(22)
    if (kind > 17) goTo(roomId)
    else if (kind > 12) touch(roomId)
    else if (kind < 3) {
      const close = open.get(roomId)
      if (close) open.delete(roomId)
      else open.set(roomId, openRoom(roomId))
      close?.()
    } else if (kind < 9) void client.messages.loadOlder(roomId)
    else if (kind < 10) sent.push({ roomId, id: client.messages.send(roomId, `mine ${below(1000)}`) })
    else if (kind < 11) client.readMarkers.mark(roomId, 1 + below(12))
    else if (kind < 12 && chance(0.5)) void client.rooms.join(roomId).catch(() => {})
    else if (kind < 12 && isSignedIn()) client.sections.place(1 + below(4), chance(0.7) ? 'favourites' : null)
    else if (chance(0.5)) void client.rooms.leave(roomId).catch(() => {})
  }

  /** The viewer does something to a message that is shown to them. */
  function touch(roomId: number) {
    const shown = client.messages
      .timeline(roomId)
      .get()
      .messages.filter((row) => row.deleted_at === null)
    if (shown.length === 0) return
    const { id, user, seq } = pick(chance(0.7) ? shown.slice(-2) : shown)
    const kind = below(6)
    if (kind < 3) {
      const [isOn, face] = [chance(0.6), pick(emoji)]
      client.reactions.set(roomId, id, face, isOn)
      wishes.set(`${roomId} ${id} ${face}`, { roomId, id, face, isOn })
    } else if (kind === 3) client.pins.set(roomId, id, chance(0.6))
    else if (user.id !== viewer || seq === null) follow(roomId, id)
    else if (kind === 4) client.messages.edit(roomId, id, `edited ${below(1000)}`)
    else client.messages.remove(roomId, id)
  }

  /** A message is quoted somewhere on the screen. */
  function follow(roomId: number, id: number) {
    const key = `${roomId} ${id}`
    if (!followed.has(key)) followed.set(key, { roomId, id, end: client.messages.get(roomId, id).subscribe(() => {}) })
  }

  /** The viewer reads in the middle of the room, or follows a quote of something there. */
  function goTo(roomId: number) {
    const ids = [...model.rooms.get(roomId)!.messages.keys()]
    const kind = below(6)
    if (kind < 2 && ids.length > 0) void client.messages.openAt(roomId, pick(ids))
    else if (kind === 2) void client.messages.loadNewer(roomId)
    else if (kind === 3) void client.messages.jumpToNewest(roomId)
    else if (ids.length > 0) follow(roomId, pick(ids))
  }

  const isSignedIn = () => client.session.get().status === 'signed_in'

  function openRoom(roomId: number): () => void {
    const closes = [client.messages.open(roomId), client.members.open(roomId), client.pins.open(roomId)]
    return () => closes.forEach((close) => close())
  }

  function deliverEvent() {
    const at = chance(inOrder) ? 0 : below(events.length)
    const [event] = chance(0.1) ? events.slice(at, at + 1) : events.splice(at, 1)
    if (event && !chance(loss)) socket?.onEvent(event)
  }

  function moveFlight() {
    if (network.flights.length === 0) return
    const flight = pick(network.flights)
    if (chance(0.04)) network.lose(flight)
    else network.advance(flight)
  }

  function flipSocket() {
    isSocketUp = !isSocketUp
    if (!isSocketUp) events.length = 0
    socket?.onSocket(isSocketUp ? 'up' : 'down')
    if (isSocketUp) socket?.onMissed()
  }

  async function step() {
    if (isRun && chance(0.1)) runRoom(model, seeded, someRoom(), 2)
    const kind = below(20)
    if (kind < 6) change()
    else if (kind < 9) act()
    else if (kind < 14) deliverEvent()
    else if (kind < 18) moveFlight()
    else if (kind === 18) await time.pass(below(3_000))
    else if (chance(0.3)) flipSocket()
    else if (chance(0.2)) await reload()
    await settle()
  }

  /** The network is good from now on. */
  async function calm() {
    do {
      network.deliverAll()
      await settle()
    } while (network.flights.length > 0)
  }

  await client.session.start()
  if (chance(0.9)) flipSocket()
  await settle()
  for (let steps = 20 + below(100); steps > 0; steps--) await step()
  // What the client reports would be news to be heard by yet another look.
  model.tellsReceipts = false
  if (!isSocketUp) flipSocket()
  while (events.length > 0) deliverEvent()
  await calm()
  await time.pass(oneLookMs, calm)
  const wrong = [...findWrong(), ...errors.map(String)]
  // Rooms that were closed are brought up to date when they are opened.
  for (const roomId of roomIds) if (!open.has(roomId)) open.set(roomId, openRoom(roomId))
  await calm()
  wrong.push(...findWrong().map((what) => `reopened: ${what}`))
  client.close()
  return wrong

  function findWrong(): string[] {
    return [
      ...findStale(model, viewer, client, [...open.keys()]),
      ...[...open.keys()].flatMap((roomId) => findStalePins(model, viewer, client, roomId)),
      ...[...followed.values()].flatMap((message) => findStaleMessage(model, viewer, client, message)),
      ...wrongSends(),
      ...wrongReactions(),
    ]
  }

  /** The last wish has come true, unless something stood against it. */
  function wrongReactions(): string[] {
    return [...wishes.values()].flatMap(({ roomId, id, face, isOn }) => {
      const { messages, reactions, members } = model.rooms.get(roomId)!
      const isRefused =
        messages.get(id)?.deleted_at !== null || (members.get(viewer)?.version ?? 0) > firstVersions.get(roomId)!
      const hasReacted = reactions.get(keyOf(id, face))?.user_ids.includes(viewer) ?? false
      return isRefused || hasReacted === isOn ? [] : [`reaction ${id} ${face}: ${hasReacted}`]
    })
  }

  /** Each message written here is in its room once, or is shown as refused. */
  function wrongSends(): string[] {
    return sent.flatMap(({ roomId, id }) => {
      const rows = [...model.rooms.get(roomId)!.messages.values()].filter((row) => row.client_message_id === id)
      const timeline = client.messages.timeline(roomId).get()
      const pending = timeline.pending.filter((one) => one.client_message_id === id)
      // Refused to one who had left, it may have arrived before: that is known once its row is seen.
      const isSeen = timeline.messages.some((row) => row.client_message_id === id)
      const isRefused = rows.length < 2 && !isSeen && pending.length === 1 && pending[0]?.state === 'failed'
      const isThere = rows.length === 1 && pending.length === 0
      return isRefused || isThere ? [] : [`message ${id}: ${rows.length} rows, pending ${JSON.stringify(pending)}`]
    })
  }
}

function position({ id, version }: { id: number; version: number }) {
  return { id, version }
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
