import { createClient } from '@grandchat/client'
import { createTestDatabase } from '../../server/testing/database.ts'
import { loadMutant } from '../../client/testing/mutants.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CheckOptions, type Verdict, check } from '../checker/check.ts'
import pg from 'pg'
import { type Happening, History } from '../history.ts'
import { Installation, type InstallationOptions } from '../installation.ts'
import { differencesIn } from '../scene.ts'
import { Person, type PersonOptions } from '../person.ts'
import { type BugName, type ClientBugName, clientBugs } from '../plants.ts'
import { type Account, addAccounts, addRoom, readDatabase } from '../world.ts'

export type StageOptions = Pick<InstallationOptions, 'postgres' | 'settings'> & {
  bugs?: readonly BugName[]
  clientBugs?: readonly ClientBugName[]
  /** A PostgreSQL of one's own, which can be killed. */
  hasOwnPostgres?: boolean
  /** Before the product starts. */
  prepare?: (query: Installation['query']) => Promise<void>
  ann?: Partial<PersonOptions>
  bob?: Partial<PersonOptions>
}

/** Clients whose clocks run so fast look at the head after three seconds instead of a minute. */
export const pace = 20
/** On such a clock 100 seconds: by then a healthy client has looked at the head. */
const blindMs = 5_000
const patienceMs = 60_000
const lookMs = 20

/** Ann and Bob in one room, both live, with the room on screen: where a bug is forced to show. */
export class Stage {
  readonly installation: Installation
  readonly history = new History()
  readonly accounts: Account[]
  readonly rooms: number[] = []
  /** Undefined only as long as the stage is being set. */
  ann!: Person
  bob!: Person
  #drop: () => Promise<void>

  private constructor(installation: Installation, accounts: Account[], drop: () => Promise<void>) {
    this.installation = installation
    this.accounts = accounts
    this.#drop = drop
  }

  static async set(options: StageOptions): Promise<Stage> {
    const database = options.hasOwnPostgres ? undefined : await createTestDatabase()
    const start = () => Installation.start({ ...options, ...(database && { databaseUrl: database.url }) })
    if (options.prepare && database) await options.prepare(queryOn(database.url))
    const installation = await start()
    const accounts = await addAccounts(installation, ['ann', 'bob'])
    const stage = new Stage(installation, accounts, async () => database?.drop())
    try {
      await stage.addRoom('personal')
      await stage.#enter(options)
      return stage
    } catch (error) {
      await stage.close()
      throw error
    }
  }

  /** The first room. */
  get room(): number {
    return this.rooms[0]!
  }

  async addRoom(delivery: 'personal' | 'room'): Promise<number> {
    const room = await addRoom(this.installation, `room ${this.rooms.length}`, this.accounts, { delivery })
    this.rooms.push(room)
    for (const { id } of this.accounts) {
      this.history.add({ proc: 'world', user: id, room, f: 'join', type: 'ok', version: 0 })
    }
    return room
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await sleep(2)
  }

  /** Ann writes, and has the answer. */
  async annSends(room = this.room): Promise<string> {
    const key = this.ann.write(room)!
    await this.until(() => this.isAnswered(key))
    return key
  }

  isAnswered(key: string): boolean {
    return this.history.entries.some((entry) => entry.f === 'send' && entry.type === 'ok' && entry.key === key)
  }

  isShownTo(person: Person, key: string): boolean {
    const { messages } = person.client.messages.timeline(this.room).get()
    return messages.some(({ client_message_id }) => client_message_id === key)
  }

  /** Waits until all is well; with a bug, until a healthy client would have found out. Then judges. */
  async judge(hasBug: boolean, options: CheckOptions = {}): Promise<Verdict> {
    const giveUpAt = performance.now() + (hasBug ? blindMs : patienceMs)
    for (;;) {
      this.history.add({ f: 'phase', name: 'last words' })
      const words = await this.#lastWords()
      if (performance.now() < giveUpAt && !this.#isSettled(words)) await sleep(lookMs)
      else {
        for (const word of words) this.history.add(word)
        break
      }
    }
    return check(this.history.entries, options)
  }

  async close(): Promise<void> {
    // One that could not be set is closed as far as it went.
    for (const person of [this.ann, this.bob] as (Person | undefined)[]) person?.close()
    await this.installation.stop()
    await this.#drop()
  }

  #isSettled(words: readonly Happening[]): boolean {
    const late = differencesIn(words).filter(({ kind }) => kind !== 'reordered')
    return late.length === 0 && [this.ann, this.bob].every((person) => person.isQuiet)
  }

  async #lastWords() {
    const people = this.accounts.map(({ id }) => id)
    return [...(await readDatabase(this.installation, this.rooms, people)), ...this.ann.final(), ...this.bob.final()]
  }

  async #enter({ clientBugs: names = [], ann = {}, bob = {} }: StageOptions): Promise<void> {
    const create = names.length > 0 ? await loadMutant(names.flatMap((name) => [...clientBugs[name]])) : createClient
    const { history } = this
    const [annAccount, bobAccount] = this.accounts
    const network = async () => this.installation.network()
    this.ann = new Person({ history, account: annAccount!, network: await network(), pace, create, ...ann })
    this.bob = new Person({ history, account: bobAccount!, network: await network(), pace, create, ...bob })
    for (const person of [this.ann, this.bob]) {
      await person.client.session.start()
      await this.until(() => person.isLive)
      person.open(this.room)
      await this.until(() => person.client.messages.timeline(this.room).get().status === 'ready')
    }
  }
}

function queryOn(connectionString: string): Installation['query'] {
  return async (text, values) => {
    const client = new pg.Client({ connectionString })
    await client.connect()
    try {
      return (await client.query(text, values)).rows as never
    } finally {
      await client.end()
    }
  }
}
