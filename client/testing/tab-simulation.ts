import { absentVisit } from './absent-visit.ts'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { Client, ClientOptions } from '../index.ts'
import type { CacheStorage, CacheTransaction } from '../storage/cache-storage.ts'
import { createMemoryStorage } from '../storage/memory.ts'
import { change, emoji, moveMarker, populate, viewer } from './happenings.ts'
import { MemoryCache } from './memory-cache.ts'
import { createRoutes } from './model-routes.ts'
import { ModelServer } from './model-server.ts'
import { Network } from './network.ts'
import { type Seeded, createSeeded } from './seeded.ts'
import { findStale } from './stale.ts'
import { type VirtualTime, createVirtualTime, settle } from './virtual-time.ts'

type CreateClient = (options: ClientOptions) => Client
type Socket = Parameters<NonNullable<ClientOptions['connect']>>[0]
type Tab = ReturnType<typeof openTab>
type World = {
  seeded: Seeded
  time: VirtualTime
  model: ModelServer
  cache: MemoryCache
  serve: ReturnType<typeof createRoutes>
  errors: unknown[]
  createClient: CreateClient
}

/** One look at the head, the moment before it is believed, and the repairs that follow. */
const oneLookMs = 80_000

/**
 * The tabs of one browser, which share what they keep. They are opened, fall asleep and die at any time, also while they
 * write; what is kept is put back as it was long ago; the server forgets traces of what was removed, or becomes another
 * database. Returns what tabs show wrongly in the end, those that were open and one that is opened then.
 */
export async function simulateTabs(createClient: CreateClient, seed: number): Promise<string[]> {
  const seeded = createSeeded(seed)
  const { below, chance, pick } = seeded
  const time = createVirtualTime()
  let tabs: Tab[] = []
  const model = new ModelServer((userId, event) => {
    if (userId === viewer) for (const tab of tabs) tab.hear(event)
  })
  const cache = new MemoryCache()
  const serve = createRoutes(model, viewer, { pageRows: 2 + below(4), memberRows: 100, changeRows: 50, maxBehind: 8 })
  const world: World = { seeded, time, model, cache, serve, errors: [], createClient }
  const roomIds = populate(model, seeded)
  let backup = model.backUp()
  let old = cache.copy()
  cache.pause = () => (chance(0.3) ? new Promise((resolve) => void time.after(below(50), resolve)) : Promise.resolve())

  function drop(tab: Tab) {
    tab.kill()
    tabs = tabs.filter((other) => other !== tab)
  }

  function startServerFromBackup() {
    for (const tab of tabs) tab.loseServer()
    backup()
    for (const tab of tabs) tab.setSocket(!tab.isAsleep())
  }

  async function step() {
    const kind = below(24)
    const tab = tabs.length > 0 ? pick(tabs) : undefined
    if (!tab || (kind === 0 && tabs.length < 3)) tabs.push(openTab(world))
    else if (kind < 9) change(model, seeded, roomIds)
    else if (kind < 12) tab.act(pick(roomIds))
    else if (kind < 15) tab.moveNetwork()
    else if (kind < 20) await time.pass(below(1_500))
    else if (kind === 20) tab.sleep(!tab.isAsleep())
    else if (kind === 21) drop(tab)
    else disturb()
    await settle()
  }

  /** The browser was closed for weeks, or its profile was restored from a copy. */
  function beginLongAgo() {
    for (const tab of Array.from(tabs)) drop(tab)
    cache.putBack(old)
  }

  function disturb() {
    const kind = below(20)
    if (kind < 4) model.purge(pick(roomIds))
    else if (kind < 7) old = cache.copy()
    else if (kind === 7) beginLongAgo()
    else if (kind < 10) backup = model.backUp()
    else if (kind === 10) startServerFromBackup()
  }

  /** What happens last is heard in part and kept in part, and whoever comes next has nothing else. */
  async function endAbruptly() {
    for (let n = 1 + below(4); n > 0; n--) change(model, seeded, roomIds)
    for (const tab of tabs) tab.hearSome()
    const sleeper = tabs.length > 1 && chance(0.5) ? tabs[0] : undefined
    sleeper?.sleep(true)
    for (const roomId of roomIds) if (sleeper && model.isMember(viewer, roomId)) moveMarker(model, below, roomId)
    for (const tab of tabs) tab.hearSome()
    await time.pass(950 + below(150))
    // It has not written yet what it knew, and does so now.
    sleeper?.sleep(false)
    await time.pass(below(100))
    for (const tab of Array.from(tabs)) drop(tab)
  }

  /** The network is good from now on. */
  async function calm() {
    do {
      for (const tab of tabs) tab.deliverAll()
      await settle()
    } while (tabs.some((tab) => tab.isBusy()))
  }

  for (let steps = 30 + below(60); steps > 0; steps--) await step()
  if (chance(0.7)) await endAbruptly()
  for (const tab of tabs) tab.sleep(false)
  if (tabs.length > 0) await time.pass(oneLookMs, calm)
  tabs.push(openTab(world))
  await time.pass(oneLookMs, calm)
  for (const tab of tabs) for (const roomId of roomIds) tab.open(roomId)
  await time.pass(5_000, calm)
  const wrong = tabs.flatMap((tab, n) =>
    findStale(model, viewer, tab.client, roomIds).map((what) => `tab ${n}: ${what}`),
  )
  for (const tab of tabs) tab.kill()
  return [...wrong, ...world.errors.map(String)]
}

function openTab({ seeded, time, cache, serve, errors, createClient }: World) {
  const { below, chance, pick } = seeded
  const network = new Network(serve, ({ path }) => path === '/api/csrf/' || path === '/api/me/')
  const events: Event[] = []
  const deferred: (() => void)[] = []
  const openings = new Map<number, () => void>()
  let socket: Socket | undefined
  let isUp = false
  let isDead = false
  let isAsleep = false

  function setSocket(next: boolean) {
    if (isUp === next) return
    isUp = next
    if (!next) events.length = 0
    socket?.onSocket(next ? 'up' : 'down')
    if (next) socket?.onMissed()
  }

  const client = createClient({
    baseUrl: 'http://model',
    fetch: network.fetch,
    WebSocket: {} as typeof WebSocket,
    storage: { ...createMemoryStorage(), cache: untilDeath(cache, () => isDead) },
    now: time.now,
    after: (ms, run) => time.after(ms, () => (isAsleep ? void deferred.push(run) : isDead || run())),
    random: () => seeded.random(),
    isOnline: () => true,
    isVisible: () => true,
    onSignal: () => () => {},
    onHide: () => () => {},
    report: (error) => errors.push(error),
    connect(setup) {
      socket = setup
      return { listenTo() {}, visit: absentVisit, close: () => (socket = undefined) }
    },
  })
  void client.session.start().then(() => setSocket(true))

  const isSignedIn = () => client.session.get().status === 'signed_in'

  function open(roomId: number) {
    if (openings.has(roomId)) return
    const closes = [client.messages.open(roomId), client.members.open(roomId)]
    openings.set(roomId, () => closes.forEach((close) => close()))
  }

  function touch(roomId: number) {
    const shown = client.messages
      .timeline(roomId)
      .get()
      .messages.filter((row) => row.deleted_at === null)
    if (shown.length === 0) return
    const { id } = pick(shown)
    if (chance(0.7)) client.reactions.set(roomId, id, pick(emoji), chance(0.6))
    else void client.messages.openAt(roomId, id + below(3) - 1)
  }

  function deliver() {
    const at = chance(0.7) ? 0 : below(events.length)
    const [event] = events.splice(at, 1)
    if (event && chance(0.9)) socket?.onEvent(event)
  }

  return {
    client,
    open,
    setSocket,
    hear: (event: Event) => void (isUp && !isAsleep && events.push(structuredClone(event))),
    isAsleep: () => isAsleep,
    isBusy: () => network.flights.length + events.length > 0,

    sleep(next: boolean) {
      if (isAsleep === next) return
      isAsleep = next
      if (next) for (const flight of Array.from(network.flights)) network.lose(flight)
      setSocket(!next)
      if (!next) for (const run of deferred.splice(0)) run()
    },

    act(roomId: number) {
      const kind = below(9)
      if (kind > 6) touch(roomId)
      else if (kind < 2) open(roomId)
      else if (kind === 2) {
        openings.get(roomId)?.()
        openings.delete(roomId)
      } else if (kind === 3) void client.messages.loadOlder(roomId)
      else if (kind === 4) client.readMarkers.mark(roomId, 1 + below(12))
      else if (kind === 5 && isSignedIn()) client.sections.place(roomId, chance(0.7) ? 'favourites' : null)
      else if (client.rooms.get(roomId).get()) client.messages.send(roomId, `mine ${below(1_000)}`)
    },

    moveNetwork() {
      if (isAsleep) return
      for (let n = below(4); n > 0 && events.length > 0; n--) deliver()
      for (let n = below(6); n > 0 && network.flights.length > 0; n--) {
        const flight = pick(network.flights)
        if (chance(0.05)) network.lose(flight)
        else network.advance(flight)
      }
    },

    hearSome() {
      for (const event of events.splice(0)) if (chance(0.6)) socket?.onEvent(event)
    },

    deliverAll() {
      while (events.length > 0) deliver()
      network.deliverAll()
    },

    loseServer() {
      for (const flight of Array.from(network.flights)) network.lose(flight)
      setSocket(false)
    },

    kill() {
      isDead = true
      client.close()
    },
  }
}

/** A tab that dies in the middle of a transaction has written nothing of it. */
function untilDeath(cache: CacheStorage, isDead: () => boolean): CacheStorage {
  const alive = <T>(value: T): T => {
    if (isDead()) throw new Error('the tab is gone')
    return value
  }
  const steps = (transaction: CacheTransaction): CacheTransaction => ({
    ...transaction,
    get: async (store, id) => alive(await transaction.get(store, id)),
    getAll: async (store) => alive(await transaction.getAll(store)),
  })
  return {
    run: (mode, work) => alive(cache).run(mode, async (transaction) => alive(await work(alive(steps(transaction))))),
  }
}
