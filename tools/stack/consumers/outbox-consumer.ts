import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { Bell } from './bell.ts'
import { backOff, type Command, type Dispatch, Unavailable } from './dispatch.ts'

export type OutboxSettings = {
  /** A part of the locks' names: consumers of one name take turns. */
  name: string
  dsn: string
  outbox_table_name: string
  num_partitions: number
  partition_select_limit: number
  pollIntervalMs: number
  partition_notification_channel: string
  use_try_lock: boolean
}

type Options = { settings: OutboxSettings; dispatch: Dispatch; log: (line: string) => void }

/**
 * A test's stand-in for Centrifugo's PostgreSQL consumer: the same locks, order, deletions, retries and notifications, but
 * in a process beside the server, whose API it calls. It is no part of the product.
 */
export class OutboxConsumer {
  readonly #settings: OutboxSettings
  readonly #dispatch: Dispatch
  readonly #log: (line: string) => void
  readonly #pool: pg.Pool
  readonly #bells: readonly Bell[]
  readonly #over = new AbortController()
  readonly #work: Promise<unknown>

  constructor({ settings, dispatch, log }: Options) {
    this.#settings = settings
    this.#dispatch = dispatch
    this.#log = log
    // One for each partition, and one that listens.
    this.#pool = new pg.Pool({ connectionString: settings.dsn, max: settings.num_partitions + 1 })
    this.#pool.on('error', (error) => this.#log(`lost a connection: ${error.message}`))
    // While it is in use and has no query, the pool does not listen.
    this.#pool.on('connect', (client) => client.on('error', () => {}))
    this.#bells = Array.from({ length: settings.num_partitions }, () => new Bell())
    this.#work = Promise.all([this.#keepListening(), ...this.#bells.map((bell, n) => this.#follow(n, bell))])
  }

  async stop(): Promise<void> {
    this.#over.abort()
    for (const bell of this.#bells) bell.ring()
    await this.#work
    await this.#pool.end()
  }

  async #follow(partition: number, bell: Bell): Promise<void> {
    let failures = 0
    while (!this.#over.signal.aborted) {
      try {
        const count = await this.#processOnce(partition)
        failures = 0
        if (count < this.#settings.partition_select_limit) await bell.wait(this.#settings.pollIntervalMs)
      } catch (error) {
        this.#log(`partition ${partition}: ${String(error)}`)
        await backOff(++failures, this.#over.signal)
      }
    }
  }

  /** Dispatches the next rows of a partition, and deletes them in the same transaction. Throws at a call to be repeated. */
  async #processOnce(partition: number): Promise<number> {
    const client = await this.#pool.connect()
    let failure: Error | undefined
    try {
      await client.query('begin isolation level read committed')
      const rows = (await this.#lock(client, partition)) ? await this.#select(client, partition) : []
      const done: string[] = []
      for (const { id, ...command } of rows) {
        failure = await this.#failureOf(command)
        if (failure) break
        done.push(id)
      }
      if (done.length > 0) {
        await client.query(`delete from ${this.#settings.outbox_table_name} where id = any($1)`, [done])
      }
      await client.query('commit')
      if (failure) throw failure
      return done.length
    } catch (error) {
      if (!failure) await client.query('rollback').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  async #failureOf(command: Command): Promise<Error | undefined> {
    try {
      await this.#dispatch(command)
      return undefined
    } catch (error) {
      if (error instanceof Unavailable) return error
      throw error
    }
  }

  async #lock(client: pg.PoolClient, partition: number): Promise<boolean> {
    const { name, use_try_lock: isTry } = this.#settings
    const take = isTry ? 'pg_try_advisory_xact_lock' : 'pg_advisory_xact_lock'
    const lock = [`centrifugo_partition_lock_${name}${partition}`]
    const { rows } = await client.query<{ taken: unknown }>(`select ${take}(hashtext($1)) as taken`, lock)
    return rows[0]?.taken !== false
  }

  async #select(client: pg.PoolClient, partition: number): Promise<Array<Command & { id: string }>> {
    const { outbox_table_name: table, partition_select_limit: limit } = this.#settings
    const { rows } = await client.query<Command & { id: string }>(
      `select id, method, payload::text as payload from ${table} where partition = $1 order by id limit $2`,
      [partition, limit],
    )
    return rows
  }

  async #keepListening(): Promise<void> {
    const { dsn, partition_notification_channel: channel } = this.#settings
    if (channel === '') return
    while (!this.#over.signal.aborted) {
      const client = new pg.Client({ connectionString: dsn })
      const lost = new Promise<void>((resolve) => {
        client.once('end', resolve)
        client.on('error', () => resolve())
        this.#over.signal.addEventListener('abort', () => resolve(), { once: true })
      })
      client.on('notification', ({ payload = '' }) => this.#hear(payload))
      try {
        await client.connect()
        await client.query(`listen ${channel}`)
        await lost
      } catch (error) {
        this.#log(`not listening: ${String(error)}`)
      }
      await client.end().catch(() => {})
      await pause(1000, undefined, { signal: this.#over.signal }).catch(() => {})
    }
  }

  #hear(payload: string): void {
    const bell = /^\d+$/.test(payload) ? this.#bells[Number(payload)] : undefined
    if (bell) bell.ring()
    else this.#log(`a notification for partition ${JSON.stringify(payload)}, which is not read`)
  }
}
