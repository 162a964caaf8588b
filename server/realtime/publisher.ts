import { channels } from '@grandchat/contracts/realtime/channels'
import type { Event, RoomEvent } from '@grandchat/contracts/realtime/events'
import type { Delivery } from '@grandchat/contracts/rooms/schema'
import type { Audience } from './audience.ts'
import type { Broadcaster } from './broadcaster.ts'
import { keys } from './keys.ts'
import { channelsOf, type Route } from './targets.ts'

/** One committed change of a room. */
export type RoomChange = Route & { version: number; event: RoomEvent | Nudge }
type Nudge = Extract<Event, { type: 'room_changed' }>

/** A room as the database has it. */
export type RoomState = { version: number; members_version: number; delivery: Delivery }

/** One committed change of a user's own state. */
export type OwnChange = { userId: number; version: number; event: Extract<Event, { type: 'own_changed' }> }

/** One committed change of what everybody is told. */
export type WorkspaceChange = { version: number; event: Extract<Event, { type: 'workspace_changed' }> }

type RoomQueue = {
  waiting: RoomChange[]
  publishedVersion: number | undefined
  isDirty: boolean
  /** The ways and the users that the next nudge owes, because what should have gone there was not published. */
  owed: { via: Set<Delivery>; alsoTo: Set<number> }
  isRunning: boolean
  /** Nudges in a row that failed. */
  failures: number
}

/** Changes of one room that wait for the real-time layer; above it a nudge stands for all of them. */
const maxWaiting = 2_000
/** Between nudges that fail; after these many, some minutes, every client has asked by itself. */
const maxNudges = 8
/** Changes of the workspace that wait; more are found by everybody's next look at the head. */
const maxWorkspaceWaiting = 1_000
const shortestPauseMs = 500
const longestPauseMs = 30_000
/** Rooms whose last published version is remembered; an idle one is forgotten first. */
const maxIdleRooms = 10_000

export type PublisherOptions = {
  audience: Audience
  broadcaster: Broadcaster
  epoch: string
  /** No other process publishes: a hole in the versions means that something was lost, and not that another had it. */
  isAlone: boolean
  /** Reads a room again, after something went missing. */
  readRoom: (roomId: number) => Promise<RoomState | undefined>
  onError: (error: unknown) => void
}

/**
 * Publishes committed changes, per room in version order with one publish in flight. Where a version is missing (the
 * commit's outcome was unknown, a publish failed for good, too much waits) the room is dirty: its version is read again
 * and one nudge stands for what is missing; clients fetch.
 */
export class Publisher {
  #options: PublisherOptions
  #rooms = new Map<number, RoomQueue>()
  #inFlight = new Set<Promise<void>>()
  #workspace: Promise<void> = Promise.resolve()
  #workspaceWaiting = 0

  constructor(options: PublisherOptions) {
    this.#options = options
  }

  roomChanged(change: RoomChange): void {
    const queue = this.#queueOf(change.roomId)
    queue.waiting.push(change)
    if (queue.waiting.length > maxWaiting) return this.roomUnsure(change.roomId)
    this.#run(change.roomId, queue)
  }

  /** Something may have been committed that nobody was told about. */
  roomUnsure(roomId: number): void {
    const queue = this.#queueOf(roomId)
    owe(queue, queue.waiting.splice(0))
    this.#run(roomId, queue)
  }

  ownChanged({ userId, version, event }: OwnChange): void {
    const key = keys.user(this.#options.epoch, userId, version)
    this.#track(this.#options.broadcaster.broadcast([channels.personal(userId)], event, key))
  }

  /** One after the other. What could not be told is found by everybody's next look at the head. */
  workspaceChanged({ version, event }: WorkspaceChange): void {
    if (this.#workspaceWaiting >= maxWorkspaceWaiting) return
    this.#workspaceWaiting++
    const key = keys.workspace(this.#options.epoch, version)
    this.#workspace = this.#workspace
      .then(() => this.#options.broadcaster.broadcast([channels.workspace], event, key))
      .catch(this.#options.onError)
      .finally(() => this.#workspaceWaiting--)
    this.#track(this.#workspace)
  }

  /** Resolves when everything handed over so far has been published or given up. */
  async drained(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight)
  }

  #queueOf(roomId: number): RoomQueue {
    let queue = this.#rooms.get(roomId)
    if (!queue) {
      queue = {
        waiting: [],
        publishedVersion: undefined,
        isDirty: false,
        owed: nothingOwed(),
        isRunning: false,
        failures: 0,
      }
      this.#forgetIdleRoom()
    } else {
      this.#rooms.delete(roomId)
    }
    this.#rooms.set(roomId, queue)
    return queue
  }

  #forgetIdleRoom(): void {
    if (this.#rooms.size < maxIdleRooms) return
    for (const [roomId, queue] of this.#rooms) {
      if (queue.isRunning) continue
      this.#rooms.delete(roomId)
      return
    }
  }

  #run(roomId: number, queue: RoomQueue): void {
    if (queue.isRunning) return
    queue.isRunning = true
    this.#track(this.#drain(roomId, queue))
  }

  async #drain(roomId: number, queue: RoomQueue): Promise<void> {
    try {
      while (queue.isDirty || queue.waiting.length > 0) {
        if (queue.isDirty) await this.#nudge(roomId, queue)
        else await this.#publishNext(queue)
      }
    } finally {
      // In the same step as the last look at what waits: what comes after it starts anew.
      queue.isRunning = false
    }
  }

  async #publishNext(queue: RoomQueue): Promise<void> {
    const change = queue.waiting.shift()!
    const known = queue.publishedVersion
    if (known !== undefined && change.version <= known) return
    const hasHole = known !== undefined && change.version > known + 1
    if (hasHole && this.#options.isAlone) owe(queue, [change])
    else await this.#publish(change, queue)
  }

  async #publish(change: RoomChange, queue: RoomQueue): Promise<void> {
    try {
      await this.#broadcast(change, change.version, change.event)
      queue.publishedVersion = change.version
      queue.failures = 0
    } catch (error) {
      this.#options.onError(error)
      owe(queue, [change])
    }
  }

  async #nudge(roomId: number, queue: RoomQueue): Promise<void> {
    queue.isDirty = false
    const { via, alsoTo } = queue.owed
    try {
      const room = await this.#options.readRoom(roomId)
      if (!room) return
      const event: Event = { type: 'room_changed', body: { room: { id: roomId, version: room.version } } }
      const membersVersion = room.members_version
      const route = { roomId, membersVersion, via: [...via.add(room.delivery)], alsoTo: [...alsoTo] }
      await this.#broadcast(route, room.version, event)
      queue.publishedVersion = room.version
      // Unless more was owed meanwhile, and then the next nudge goes there once more.
      if (!queue.isDirty) queue.owed = nothingOwed()
      queue.failures = 0
    } catch (error) {
      // Once more, later; the head check of every client finds what even that could not tell.
      this.#options.onError(error)
      queue.publishedVersion = undefined
      this.#nudgeLater(roomId, queue)
    }
  }

  #nudgeLater(roomId: number, queue: RoomQueue): void {
    const pause = Math.min(longestPauseMs, shortestPauseMs * 2 ** queue.failures++)
    if (queue.failures > maxNudges) {
      queue.owed = nothingOwed()
      return
    }
    setTimeout(() => this.roomUnsure(roomId), pause * (0.5 + Math.random())).unref()
  }

  async #broadcast(route: Route, version: number, event: Event): Promise<void> {
    const key = keys.room(this.#options.epoch, route.roomId, version)
    const names = await channelsOf(route, (roomId, at) => this.#options.audience.membersOf(roomId, at))
    await this.#options.broadcaster.broadcast(names, event, key)
  }

  #track(work: Promise<void>): void {
    const tracked = work.catch(this.#options.onError).finally(() => this.#inFlight.delete(tracked))
    this.#inFlight.add(tracked)
  }
}

const nothingOwed = (): RoomQueue['owed'] => ({ via: new Set(), alsoTo: new Set() })

/** These will not be published: a nudge stands for them, and reaches whom they would have reached. */
function owe(queue: RoomQueue, changes: readonly RoomChange[]): void {
  queue.isDirty = true
  for (const { via, alsoTo = [] } of changes) {
    for (const way of via) queue.owed.via.add(way)
    for (const userId of alsoTo) queue.owed.alsoTo.add(userId)
  }
}
