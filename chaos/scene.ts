import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from '@playwright/test'
import { type Seeded, createSeeded } from '../client/testing/seeded.ts'
import { type Offence, check } from './checker/check.ts'
import { type Happening, History, canaryOf, clinging } from './history.ts'
import { type Hostile, readWhole, startClinger, startOutsider, startTypist } from './hostile.ts'
import type { Place } from './place.ts'
import { Flipper, Load } from './load.ts'
import { Manager } from './manager.ts'
import { Person, type PersonOptions } from './person.ts'
import { WatchedPage } from './page.ts'
import type { Proxy } from './proxy.ts'
import { type Account, addAccounts, addRoom, addSession, readDatabase } from './world.ts'

export type SceneOptions = {
  installation: Place
  seed: number
  /** Begins the names of this scene's people and rooms: many scenes may share a database. */
  name: string
  people: number
  perSecond: number
  /** Told to every person's client, by number. */
  personOptions?: (n: number) => Partial<PersonOptions>
}

const lookMs = 100
/** How long it takes at most until an event has come to everybody, when all is well. */
const tellingMs = 10_000
const batch = 50
/** So many people have a device more, whose name ends so. */
const secondDevices = 2
export const second = '_second'

/** People in rooms, everything they do and see, and somebody outside: what a fault is tried on. */
export class Scene {
  readonly installation: Place
  readonly history = new History()
  readonly seeded: Seeded
  readonly name: string
  readonly seed: number
  readonly people: Person[] = []
  readonly accounts: Account[] = []
  /** Joins and leaves all the time. */
  flipper!: Person
  /** All of the scene's rooms. */
  rooms: number[] = []
  #options: SceneOptions
  #rest: { stop(): Promise<void> }[] = []
  #page: WatchedPage | undefined

  private constructor(options: SceneOptions) {
    this.#options = options
    this.installation = options.installation
    this.name = options.name
    this.seed = options.seed
    this.seeded = createSeeded(options.seed)
  }

  static async set(options: SceneOptions): Promise<Scene> {
    const scene = new Scene(options)
    await scene.#populate()
    return scene
  }

  /** Somebody more, at a screen and a network of their own. */
  async enter(account: Account, options: Partial<PersonOptions> = {}): Promise<Person> {
    const network = options.network ?? (await this.installation.network())
    const person = new Person({ history: this.history, account, ...options, network })
    this.people.push(person)
    await person.client.session.start()
    return person
  }

  /** Somebody is not watched any more. */
  async leave(person: Person): Promise<void> {
    this.people.splice(this.people.indexOf(person), 1)
    person.close()
    await this.installation.forget(person.network)
  }

  /** Writes many messages past the server, as another backend would: nobody is told. */
  async writeDirectly(room: number, count: number): Promise<void> {
    const account = this.accounts[0]!
    const who = { proc: 'another backend', user: account.id, room }
    for (let n = 0; n < count; n += batch) {
      const keys = Array.from({ length: batch }, () => randomUUID())
      const texts = keys.map((_, i) => `${canaryOf(room, `direct_${n + i}`)} directly`)
      keys.forEach((key, i) => this.history.add({ ...who, f: 'send', type: 'invoke', key, text: texts[i]! }))
      const rows = await this.installation.query<{ id: string; seq: string; version: string }>(
        'select * from send_messages($1, $2::bigint[], $3::uuid[], $4::text[])',
        [room, keys.map(() => account.id), keys, texts],
      )
      for (const [i, { id, seq, version }] of rows.entries()) {
        const ok = { key: keys[i]!, id: Number(id), seq: Number(seq), version: Number(version) }
        this.history.add({ ...who, f: 'send', type: 'ok', ...ok })
      }
    }
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await sleep(10)
  }

  phase(name: string): void {
    this.history.add({ f: 'phase', name })
  }

  get networks(): readonly Proxy[] {
    return [...this.people.map(({ network }) => network), ...(this.#page ? [this.#page.network] : [])]
  }

  startLoad(): Load {
    const { seeded } = this
    const people = () => this.people.filter((person) => person !== this.flipper)
    const names = this.accounts.map(({ name }) => name)
    return new Load({ seeded, people, perSecond: this.#options.perSecond, openRooms: [this.rooms[1]!], names })
  }

  /** The last person of all joins and leaves the rooms kept for it, with a hostile half; another types there. */
  async startFlipping(): Promise<void> {
    const { account, network } = this.flipper
    const rooms = this.flippedRooms
    const flip = new Flipper(this.flipper, rooms, createSeeded(this.#options.seed + 1))
    const hostile = { history: this.history }
    const typingNetwork = await this.installation.network()
    this.#rest.push(
      flip,
      startClinger({ ...hostile, account, network, device: clinging }, rooms),
      startTypist({ ...hostile, account: this.accounts[0]!, network: typingNetwork, device: '_typing' }, rooms),
    )
  }

  /** Who owns the rooms runs them; those of the second room are moved about in the fifth, which is private. */
  startManaging(): void {
    const [owner, ...others] = this.people
    const few = others.slice(1, 5).map(({ account }) => account.id)
    this.#rest.push(new Manager(owner!, this.rooms[4]!, few, createSeeded(this.#options.seed + 3)))
  }

  get flippedRooms(): readonly number[] {
    return this.rooms.slice(2, 4)
  }

  async startOutsider(): Promise<void> {
    const [account] = await addAccounts(this.installation, [`${this.name}eve`])
    const network = await this.installation.network()
    const { history, rooms, accounts } = this
    this.#rest.push(startOutsider({ history, account: account!, network, device: '' }, rooms, accounts.slice(0, 3)))
  }

  /** Somebody looks at the last room in a real browser. */
  async openPage(browser: Browser): Promise<void> {
    const network = await this.installation.network()
    const [account, room] = [this.accounts[3]!, this.rooms.at(-1)!]
    this.#page = await WatchedPage.open({ browser, history: this.history, account, network, room })
  }

  add(rest: Hostile): void {
    this.#rest.push(rest)
  }

  /** Everybody stops doing anything new. */
  async rest(): Promise<void> {
    await Promise.all(this.#rest.splice(0).map((one) => one.stop()))
  }

  /**
   * Waits until everything that was begun has ended and every client shows what the database holds. Returns what still
   * differs when the limit is reached.
   */
  async settle(limitMs: number): Promise<Offence[]> {
    const giveUpAt = performance.now() + limitMs
    for (let said = ''; ;) {
      const offences = await this.#differences()
      const why = offences[0]?.why ?? ''
      if (why !== said) this.phase(`waiting: ${(said = why)}`)
      if (offences.length === 0 || performance.now() > giveUpAt) return offences
      await sleep(lookMs)
    }
  }

  /** Writes the last words into the history. */
  async end(): Promise<void> {
    for (const room of this.rooms) {
      const reader = this.people.find((person) => person.rooms.includes(room))
      if (reader) await readWhole(this.history, reader, room)
    }
    this.phase('last words')
    for (const happening of await this.#settledWords()) this.history.add(happening)
  }

  /** What messages have reached and who has read them is told a while after all else is well: words are taken between two of these. */
  async #settledWords(): Promise<Happening[]> {
    for (const giveUpAt = performance.now() + tellingMs; ;) {
      const words = await this.#lastWords()
      if (differencesIn(words).length === 0 || performance.now() > giveUpAt) return words
      await sleep(lookMs)
      this.phase('last words again')
    }
  }

  async close(): Promise<void> {
    await this.rest()
    await this.#page?.close()
    for (const person of this.people) person.close()
    for (const { network } of this.people) await this.installation.forget(network)
  }

  async #differences(): Promise<Offence[]> {
    const busy = this.people.filter((person) => !person.isQuiet)
    const late = busy.map(({ who }): Offence => ({ kind: 'late', why: `${who.proc} is still sending`, entries: [] }))
    if (late.length > 0) return late
    const words = await this.#lastWords().catch((error: unknown): undefined => void String(error))
    if (!words) return [{ kind: 'late', why: 'the database does not answer', entries: [] }]
    return differencesIn(words)
  }

  async #lastWords(): Promise<Happening[]> {
    const page = this.#page ? [await this.#page.final()] : []
    for (const person of this.people) person.giveUp()
    const people = [...new Set(this.people.map(({ account }) => account.id))]
    const database = await readDatabase(this.installation, this.rooms, people)
    return [...database, ...this.people.flatMap((person) => person.final()), ...page]
  }

  async #populate(): Promise<void> {
    const { installation, name, people, personOptions = () => ({}) } = this.#options
    const names = Array.from({ length: people }, (_, n) => `${name}p${n}`)
    this.accounts.push(...(await addAccounts(installation, names)))
    const { accounts } = this
    const few = accounts.slice(0, Math.ceil(people / 2))
    const most = accounts.slice(0, -1)
    const room = (title: string, members: readonly Account[], more = {}) =>
      addRoom(installation, `${name} ${title}`, members, more)
    this.rooms = [
      await room('square', most, { delivery: 'room' }),
      await room('open', few),
      await room('flipped', few),
      await room('flipped hall', most, { delivery: 'room' }),
      await room('private', few, { kind: 'private' }),
      await room('everybody', accounts),
    ]
    await this.#noteMembers()
    for (const [n, account] of accounts.entries()) this.flipper = await this.enter(account, personOptions(n))
    for (const [n, account] of accounts.slice(2, 2 + secondDevices).entries()) {
      const cookie = await addSession(installation, account, 'second')
      await this.enter({ ...account, cookie }, { device: second, ...personOptions(people + n) })
    }
    await this.until(() => this.people.every((person) => person.isLive))
    for (const person of this.people) for (const id of person.rooms.slice(0, 3)) person.open(id)
  }

  async #noteMembers(): Promise<void> {
    for (const word of await readDatabase(this.installation, this.rooms)) {
      if (word.f !== 'membership') continue
      const { room, user } = word
      this.history.add({ proc: 'world', user, room, f: 'join', type: 'ok', version: 0 })
    }
  }
}

/** Alone, without what led to it, only what is shown can be judged. */
export function differencesIn(words: readonly Happening[]): Offence[] {
  const entries = words.map((word, i) => ({ i, t_ns: 0, ...word }))
  return check(entries).offences.filter(({ kind }) => kind === 'late' || kind === 'counters' || kind === 'reordered')
}
