import { type Client, type ClientOptions, createClient } from '@grandchat/client'
import type { Event } from '@grandchat/contracts/realtime/events'
import { createRealtime } from '../client/realtime/realtime.ts'
import { type Counters, type Happening, type History, canaryOf } from './history.ts'
import type { Proxy } from './proxy.ts'
import { Screen } from './screen.ts'
import { type Identity, Traffic } from './traffic.ts'
import type { Account } from './world.ts'

export type PersonOptions = {
  history: History
  account: Account
  network: Proxy
  /** Distinguishes the clients of one user. */
  device?: string
  /** The client's clock runs so many times as fast: its waits, and its look at the head once a minute. */
  pace?: number
  /** The client's clock is so far off. */
  clockMs?: number
  storage?: ClientOptions['storage']
  /** A client with bugs. */
  create?: typeof createClient
  /** Between the SDK and the client: passes an event on, or not, or others. */
  onEvent?: (event: Event, pass: (event: Event) => void) => void
  /** Between the client and its network. */
  fetch?: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch
}

/** Somebody at a screen: the real client without a page, watched from all sides. */
export class Person {
  readonly client: Client
  readonly account: Account
  readonly network: Proxy
  readonly who: Identity
  /** What the client reported as its own mistakes. */
  readonly errors: unknown[] = []
  #history: History
  #screens = new Map<number, { screen: Screen; close: () => void }>()
  #written = 0

  constructor({ history, account, network, device = '', pace = 1, clockMs = 0, ...more }: PersonOptions) {
    const { create = createClient, storage, onEvent = (event, pass) => pass(event), fetch = (real) => real } = more
    this.account = account
    this.network = network
    this.who = { proc: `${account.name}${device}`, user: account.id }
    this.#history = history
    const traffic = new Traffic(history, this.who)
    this.client = create({
      baseUrl: `http://127.0.0.1:${network.port}`,
      fetch: fetch(traffic.fetchWith(() => account.cookie)),
      WebSocket: traffic.WebSocket,
      ...(storage && { storage }),
      report: (error) => this.errors.push(error),
      // From one origin of time, so that only its pace differs.
      now: () => Date.now() + clockMs + performance.now() * (pace - 1),
      after(ms, run) {
        const timer = setTimeout(run, ms / pace)
        return () => clearTimeout(timer)
      },
      connect: (setup) =>
        createRealtime({ ...setup, onEvent: (event) => onEvent(event, (passed) => setup.onEvent(passed)) }),
    })
  }

  get isLive(): boolean {
    return this.client.connection.get() === 'live' && this.client.rooms.list.get().status === 'ready'
  }

  get rooms(): readonly number[] {
    return this.client.rooms.list.get().rooms.map(({ id }) => id)
  }

  get openRooms(): readonly number[] {
    return [...this.#screens.keys()]
  }

  /** Puts a room on screen. */
  open(room: number): void {
    if (this.#screens.has(room)) return
    const closes = [this.client.messages.open(room), this.client.members.open(room)]
    const screen = new Screen(this.#history, this.who, room, this.client.messages.timeline(room))
    this.#screens.set(room, {
      screen,
      close() {
        screen.close()
        for (const close of closes) close()
      },
    })
  }

  closeRoom(room: number): void {
    this.#screens.get(room)?.close()
    this.#screens.delete(room)
  }

  /** Writes a message with a mark that is found again wherever it goes; returns its key. */
  write(room: number): string | undefined {
    if (this.client.session.get().status !== 'signed_in') return undefined
    const text = `${canaryOf(room, `${this.who.proc}_${++this.#written}`)} from ${this.who.proc}`
    const key = this.client.messages.send(room, text)
    this.#history.add({ ...this.who, f: 'send', type: 'invoke', room, key, text })
    return key
  }

  /** Nothing of one's own is on its way. */
  get isQuiet(): boolean {
    return this.client.messages.unsent.get().every(({ state }) => state === 'failed')
  }

  /** What is shown now, as the last word. */
  final(): Happening[] {
    const rooms = this.client.rooms.list.get().rooms.map(toCounters)
    const screens = [...this.#screens.values()].map(({ screen }) => screen.final())
    return [{ f: 'list', ...this.who, rooms }, ...screens]
  }

  close(): void {
    for (const room of this.openRooms) this.closeRoom(room)
    this.client.close()
  }
}

function toCounters(room: {
  id: number
  unread: number
  read_seq: number
  last_seq: number
  member_count: number
}): Counters {
  const { id, unread, read_seq, last_seq, member_count } = room
  return { room: id, unread, readSeq: read_seq, lastSeq: last_seq, memberCount: member_count }
}
