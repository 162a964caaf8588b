import { type Client, type ClientOptions, type MessageView, type RoomView, createClient } from '@grandchat/client'
import type { Event } from '@grandchat/contracts/realtime/events'
import { createRealtime } from '../client/realtime/realtime.ts'
import { Desk } from './desk.ts'
import { type Act, type Counters, type Happening, type History, canaryOf } from './history.ts'
import { MarkWatch } from './mark-watch.ts'
import type { Proxy } from './proxy.ts'
import { describeEvent } from './event.ts'
import { type Place, Screen } from './screen.ts'
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

type Open = { screen: Screen; marks?: MarkWatch; close: () => void }

/** Threads that one person has on screen; the first gives way. */
const openThreads = 3

/** Somebody at a screen: the real client without a page, watched from all sides. */
export class Person {
  readonly client: Client
  readonly account: Account
  readonly network: Proxy
  readonly who: Identity
  /** What the client reported as its own mistakes. */
  readonly errors: unknown[] = []
  readonly desk: Desk
  #history: History
  #screens = new Map<number, Open>()
  #threads = new Map<number, Open>()
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
        createRealtime({
          ...setup,
          onEvent: (event) => {
            this.#heard(event)
            onEvent(event, (passed) => setup.onEvent(passed))
          },
        }),
    })
    this.desk = new Desk(this.client, history, this.who)
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
    const marks = new MarkWatch(this.#history, this.who, room, this.client.receipts.members(room))
    const open = this.#watch({ room }, this.client.messages.timeline(room), [...closes, () => marks.close()])
    this.#screens.set(room, { ...open, marks })
  }

  /** Puts a thread on screen, beside its room. */
  openThread(room: number, thread: number): void {
    if (this.#threads.has(thread)) return
    const [first] = this.#threads
    if (first && this.#threads.size >= openThreads) this.#closeThread(first[0])
    const close = this.client.threads.open(room, thread)
    this.#threads.set(thread, this.#watch({ room, thread }, this.client.threads.timeline(room, thread), [close]))
  }

  closeRoom(room: number): void {
    for (const [thread, { screen }] of this.#threads) if (screen.place.room === room) this.#closeThread(thread)
    this.#screens.get(room)?.close()
    this.#screens.delete(room)
  }

  #closeThread(thread: number): void {
    this.#threads.get(thread)?.close()
    this.#threads.delete(thread)
  }

  #watch(place: Place, timeline: ConstructorParameters<typeof Screen>[3], closes: (() => void)[]): Open {
    const screen = new Screen(this.#history, this.who, place, timeline)
    return {
      screen,
      close() {
        screen.close()
        for (const close of closes) close()
      },
    }
  }

  /** What people said that is on screen, in a room and its threads. */
  shown(room: number): MessageView[] {
    const screens = [...this.#threads.values()].filter(({ screen }) => screen.place.room === room)
    const open = this.#screens.get(room)
    return [...(open ? [open] : []), ...screens]
      .flatMap(({ screen }) => screen.messages)
      .filter(({ kind, deleted_at }) => kind === 'user' && deleted_at === null)
  }

  /** Writes a message with a mark that is found again wherever it goes, `to` somebody perhaps; returns its key. */
  write(room: number, thread?: number, to?: string): string | undefined {
    if (!this.isSignedIn) return undefined
    const text = this.marked(room, to)
    const key = this.client.messages.send(room, text, thread === undefined ? {} : { threadId: thread })
    const place = { room, ...(thread !== undefined && { thread }) }
    this.#history.add({ ...this.who, f: 'send', type: 'invoke', ...place, key, text })
    return key
  }

  edit(room: number, message: number, to?: string): string {
    const text = this.marked(room, to)
    this.#act(room, { kind: 'edit', target: `${message}`, value: text })
    this.client.messages.edit(room, message, text)
    return text
  }

  remove(room: number, message: number): void {
    this.#act(room, { kind: 'remove', target: `${message}`, value: 'gone' })
    this.client.messages.remove(room, message)
  }

  react(room: number, message: number, emoji: string, isOn: boolean): void {
    this.#act(room, { kind: 'react', target: `${message} ${emoji}`, value: isOn ? 'on' : 'off' })
    this.client.reactions.set(room, message, emoji, isOn)
  }

  pin(room: number, message: number, isOn: boolean): void {
    this.#act(room, { kind: 'pin', target: `${message}`, value: isOn ? 'on' : 'off' })
    this.client.pins.set(room, message, isOn)
  }

  get isSignedIn(): boolean {
    return this.client.session.get().status === 'signed_in'
  }

  /** A text that is found again wherever it goes; `to`: whom it mentions. */
  marked(room: number, to?: string): string {
    const text = `${canaryOf(room, `${this.who.proc}_${++this.#written}`)} from ${this.who.proc}`
    return to === undefined ? text : `${text} for @${to}`
  }

  #act(room: number, act: Act): void {
    this.#history.add({ ...this.who, f: 'act', type: 'invoke', room, ...act })
  }

  #heard(event: Event): void {
    const told = describeEvent(event)
    if (told) this.#history.addEvent({ ...this.who, room: told.room }, told.version, told.text)
  }

  /** Nothing of one's own is on its way. */
  get isQuiet(): boolean {
    return this.client.messages.unsent.get().every(({ state }) => state === 'failed')
  }

  /** What is shown now, as the last word. */
  final(): Happening[] {
    const rooms = this.client.rooms.list.get().rooms.map(toCounters)
    const screens = [...this.#screens.values()].map(({ screen, marks }): Happening => {
      return { ...screen.final(), ...this.#rolesIn(screen.place.room), ...(marks && { marks: marks.all }) }
    })
    const threads = [...this.#threads.values()].map(({ screen }) => screen.final())
    return [
      { f: 'list', ...this.who, rooms },
      { f: 'own', ...this.who, rows: this.desk.rows() },
      ...screens,
      ...threads,
    ]
  }

  /** Gives up what was refused and stays on the screen of its author: edits, and what was to be sent later. */
  giveUp(): void {
    this.desk.giveUp()
    for (const room of this.openRooms) {
      for (const { id, change } of this.shown(room)) {
        if (change?.state === 'failed') this.client.messages.discardChange(room, id)
      }
    }
  }

  #rolesIn(room: number) {
    const { status, members } = this.client.members.list(room).get()
    if (status !== 'ready') return {}
    return { roles: Object.fromEntries(members.map(({ user, role }) => [user.id, role])) }
  }

  close(): void {
    for (const room of this.openRooms) this.closeRoom(room)
    this.client.close()
  }
}

function toCounters({
  id,
  unread,
  read_seq,
  last_seq,
  member_count,
  unread_mentions: mentions,
  ...room
}: RoomView): Counters {
  const { name, topic, posting, archived_at } = room
  const about = { name, topic, posting, isArchived: archived_at !== null }
  return { room: id, unread, readSeq: read_seq, lastSeq: last_seq, memberCount: member_count, about, mentions }
}
