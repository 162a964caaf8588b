import type { HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import { backoff } from '../backoff.ts'
import type { MessageView } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'
import type { RoomChange } from '../sync/change.ts'
import type { Follower } from '../sync/follower.ts'
import { type Timer, createTimer } from '../timer.ts'
import type { Pane } from './pane.ts'
import { type Rows, type Run, advance, clearRun, createRun, mergePage, mergeRows, mergeSnapshot } from './run.ts'
import { receiveChange, sweep } from './run.ts'
import type { Views } from './views.ts'

/** Messages of one request, and those that nobody asks for any more which are kept for the next who does. */
const maxIds = 100
const maxIdle = 200

/** Single messages of one room. Those in `current` are right as of the run's version; others are as they were once. */
type Place = Run & {
  /** How many ask for each; kept in the order of last use. */
  readonly wanted: Map<number, number>
  readonly current: Set<number>
  /** The server does not have them, or not for the viewer. */
  readonly missing: Set<number>
  isFetching: boolean
  failures: number
  readonly retry: Timer
}

export type BesideSetup = {
  environment: Environment
  source: MakeSource
  views: Views
  pane: (roomId: number) => Pane | undefined
  fetchMessages: (roomId: number, ids: readonly number[]) => Promise<HistoryPage>
  head: (roomId: number) => number
  isGone: (roomId: number) => boolean
  canLoad: (roomId: number) => boolean
  moment: (roomId: number) => number
}

export type Found = MessageView | 'loading' | 'gone'
export type Beside = ReturnType<typeof createBeside>

/**
 * Messages that somebody needs alone: quoted, pinned, saved. They follow the events of their room as a window does, but are
 * fetched by their ids, and fetched again when events are missing: no repair tells of them.
 */
export function createBeside(setup: BesideSetup) {
  const { environment, source, views } = setup
  const places = new Map<number, Place>()
  const sources = new Map<string, Source<Found>>()

  function sourceOf(roomId: number, id: number): Source<Found> {
    const key = `${roomId}:${id}`
    const known = sources.get(key)
    if (known) return known
    const made = source(() => find(roomId, id))
    sources.set(key, made)
    return made
  }

  function find(roomId: number, id: number): Found {
    if (setup.isGone(roomId)) return 'gone'
    const place = places.get(roomId)
    const run = runWith(roomId, id)
    const view = run && views.viewIn(run, id)
    if (view) return view.deleted_at === null ? view : 'gone'
    return place?.missing.has(id) ? 'gone' : 'loading'
  }

  /** Who knows most of it. */
  function runWith(roomId: number, id: number): Run | undefined {
    const place = places.get(roomId)
    const window = setup.pane(roomId)?.window
    if (place?.current.has(id)) return place
    return window?.isLoaded && window.rows.has(id) ? window : place
  }

  function placeOf(roomId: number): Place {
    const known = places.get(roomId)
    if (known) return known
    const wanted = new Map<number, number>()
    const place: Place = Object.assign(
      createRun(roomId, (id) => wanted.has(id)),
      {
        wanted,
        current: new Set<number>(),
        missing: new Set<number>(),
        isFetching: false,
        failures: 0,
        retry: createTimer(environment, () => settle(roomId)),
      },
    )
    places.set(roomId, place)
    return place
  }

  function changed(roomId: number) {
    for (const id of places.get(roomId)?.wanted.keys() ?? []) sources.get(`${roomId}:${id}`)?.changed()
  }

  /** The room moved on. What was left to a window that has been closed since is nobody's any more, and fetched. */
  function follow(place: Place) {
    if (isBehind(place)) place.retry.soon(setup.moment(place.roomId))
    else if (place.failures === 0) attend(place.roomId)
  }

  /** A window on screen is kept current by its own repairs. */
  function isOnScreen(roomId: number, id: number): boolean {
    const pane = setup.pane(roomId)
    return pane !== undefined && pane.openings > 0 && pane.window.isLoaded && pane.window.rows.has(id)
  }

  const isBehind = (place: Place) => place.current.size > 0 && place.version < setup.head(place.roomId)

  function attend(roomId: number) {
    const place = places.get(roomId)
    if (!place || place.isFetching || !setup.canLoad(roomId)) return
    keepCopies(place)
    const needed = [...place.wanted]
      .filter(([id, count]) => count > 0 && !place.current.has(id) && !place.missing.has(id) && !isOnScreen(roomId, id))
      .map(([id]) => id)
    if (needed.length > 0) void fetch(place, needed.slice(-maxIds))
    else if (isBehind(place)) place.retry.soon(setup.moment(roomId))
  }

  /** What leaves the window is shown as it was until it has been fetched. */
  function keepCopies({ roomId, wanted, current, rows }: Place) {
    const window = setup.pane(roomId)?.window
    if (!window?.isLoaded) return
    for (const id of wanted.keys()) {
      const row = window.rows.get(id)
      if (row && !current.has(id) && (rows.get(id)?.version ?? 0) < row.version) rows.set(id, row)
    }
  }

  async function fetch(place: Place, ids: readonly number[]): Promise<void> {
    const { roomId } = place
    place.isFetching = true
    try {
      const page = await setup.fetchMessages(roomId, ids)
      if (take(place, ids, page)) place.failures = 0
      else place.failures++
    } catch {
      place.failures++
    }
    place.isFetching = false
    if (places.get(roomId) !== place) return
    changed(roomId)
    if (place.failures > 0) place.retry.reset(backoff(environment, place.failures))
    else attend(roomId)
  }

  /** False if more has happened since the page was read than is kept: it has to be fetched again. */
  function take(place: Place, ids: readonly number[], page: HistoryPage): boolean {
    if (place.current.size === 0) {
      Object.assign(place, { isLoaded: true, version: page.version })
      mergeSnapshot(place, page)
      advance(place)
    } else if (!mergePage(place, page, () => {})) return false
    const found = new Set(page.results.map(({ id }) => id))
    for (const id of ids) {
      if (!place.wanted.has(id)) continue
      if (found.has(id)) place.current.add(id)
      else place.missing.add(id)
    }
    return true
  }

  /** Events that were on their way have had time to come: what is still behind is fetched anew. */
  function settle(roomId: number) {
    const place = places.get(roomId)
    if (!place) return
    if (isBehind(place)) forgetCurrent(place)
    attend(roomId)
  }

  function forgetCurrent(place: Place) {
    place.current.clear()
    place.missing.clear()
  }

  function want(roomId: number, id: number) {
    const { wanted } = placeOf(roomId)
    const count = wanted.get(id) ?? 0
    wanted.delete(id)
    wanted.set(id, count + 1)
    // Together with those that are asked for in the same turn.
    queueMicrotask(() => attend(roomId))
  }

  const isWanted = (roomId: number, id: number) => (places.get(roomId)?.wanted.get(id) ?? 0) > 0

  function release(roomId: number, id: number) {
    const place = places.get(roomId)
    const count = place?.wanted.get(id) ?? 0
    if (!place || count === 0) return
    place.wanted.set(id, count - 1)
    const idle = [...place.wanted].filter(([, asking]) => asking === 0).map(([idleId]) => idleId)
    if (idle.length <= maxIdle) return
    for (const idleId of idle.slice(0, idle.length - maxIdle)) {
      place.wanted.delete(idleId)
      place.current.delete(idleId)
      place.missing.delete(idleId)
      sources.delete(`${roomId}:${idleId}`)
    }
    sweep(place)
  }

  /** What is asked for stays so, and is fetched when that can be done. */
  function drop(roomId: number) {
    const place = places.get(roomId)
    if (!place) return
    place.retry.cancel()
    places.delete(roomId)
    const next = placeOf(roomId)
    for (const [id, count] of place.wanted) if (count > 0) next.wanted.set(id, count)
    clearRun(place)
    changed(roomId)
  }

  const follower: Follower = {
    attend,
    attendAll() {
      for (const roomId of places.keys()) attend(roomId)
    },
    receive(change: RoomChange) {
      const place = places.get(change.room_id)
      if (!place) return
      receiveChange(place, change)
      changed(change.room_id)
      follow(place)
    },
    noteHead(roomId) {
      const place = places.get(roomId)
      if (place) follow(place)
    },
    drop,
    reset() {
      for (const roomId of Array.from(places.keys())) drop(roomId)
    },
  }

  return {
    ...follower,
    get(roomId: number, id: number): Observable<Found> {
      return {
        // What nobody subscribes to is not followed.
        get: () => (isWanted(roomId, id) ? sourceOf(roomId, id).get() : find(roomId, id)),
        subscribe(listener) {
          if (!isWanted(roomId, id)) sourceOf(roomId, id).changed()
          want(roomId, id)
          const unsubscribe = sourceOf(roomId, id).subscribe(listener)
          let isOver = false
          return () => {
            if (isOver) return
            isOver = true
            unsubscribe()
            release(roomId, id)
          }
        },
      }
    },
    /** The window of the room, or what the viewer does there, has changed. */
    changed(roomId: number) {
      changed(roomId)
      attend(roomId)
    },
    changedAll() {
      for (const roomId of places.keys()) changed(roomId)
    },
    /** The answer to a request that changed something. */
    mergeRows(roomId: number, rows: Partial<Rows>) {
      const place = places.get(roomId)
      if (!place) return
      mergeRows(place, { messages: [], reactions: [], pins: [], threads: [], ...rows })
      changed(roomId)
    },
    /** What is known of it, fetched or not. */
    find,
    findRow: (roomId: number, id: number): MessageRow | undefined => places.get(roomId)?.rows.get(id),
    /** What an earlier client knew is shown until it is fetched; it is kept like what nobody asks for any more. */
    restore(roomId: number, rows: readonly MessageRow[]) {
      const place = placeOf(roomId)
      for (const row of rows) {
        if (!place.wanted.has(row.id)) place.wanted.set(row.id, 0)
        if ((place.rows.get(row.id)?.version ?? 0) < row.version) place.rows.set(row.id, row)
      }
      changed(roomId)
    },
  }
}
