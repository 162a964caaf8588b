import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { Rounds } from '../rounds.ts'
import type { Revoke } from './real-time.ts'
import { presentableSeconds, readableChannels } from './tokens.ts'

/** Between two looks for what is due: what another backend left, and what failed. */
const pollMs = 1_000
/** A job that was taken and not finished (its backend died) is taken again after this. Longer than a call takes. */
const leaseSeconds = 15
const perRound = 20
const longestPauseSeconds = 5
/** A token that was being made while the right was taken away is presented a little later than an older one. */
const slackSeconds = 15

type Job = { id: number; user_id: number; channel: string | null; is_repeat: boolean; failures: number }

export type RevocationJobsOptions = {
  db: Database
  revoke: Revoke
  /** How long a token may be presented after it was made. */
  presentable?: typeof presentableSeconds
  onError: (error: unknown) => void
}

/**
 * Carries revocations out on a real-time layer that knows no revoked tokens and may be away: by any backend, again until
 * it said yes, and once more when the last older token can no longer be presented. Who came back with one is cut then;
 * who signed in again merely reconnects.
 */
export class RevocationJobs {
  readonly #options: RevocationJobsOptions
  readonly #rounds: Rounds

  constructor(options: RevocationJobsOptions) {
    this.#options = options
    this.#rounds = new Rounds({ look: () => this.#look(), pauseMs: pollMs, onError: options.onError })
  }

  /** Looks now: something may have become due. */
  wake(): void {
    this.#rounds.wake()
  }

  stop(): Promise<void> {
    return this.#rounds.stop()
  }

  async #look(): Promise<number> {
    const jobs = await this.#take()
    await Promise.all(jobs.map((job) => this.#carryOut(job)))
    return jobs.length === perRound ? 0 : pollMs * (0.75 + Math.random() / 2)
  }

  async #take(): Promise<Job[]> {
    const taken = await sql<Job>`
      update revocations set due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      where id in (
        select id from revocations where due_at <= clock_timestamp() order by due_at limit ${perRound}
        for update skip locked
      )
      returning id, user_id, channel, is_repeat, failures`.execute(this.#options.db)
    return taken.rows
  }

  async #carryOut(job: Job): Promise<void> {
    try {
      await this.#revoke(job)
      await this.#done(job)
    } catch (error) {
      this.#options.onError(error)
      await this.#failed(job)
    }
  }

  /** A right that was given again meanwhile stays: a subscription that is ended so does not come back by itself. */
  async #revoke({ user_id, channel }: Job): Promise<void> {
    const { db, revoke } = this.#options
    if (channel !== null && (await readableChannels(db, user_id, [channel])).length > 0) return
    await revoke(String(user_id), channel, 0)
  }

  async #done({ id, is_repeat, channel }: Job): Promise<void> {
    const { db, presentable = presentableSeconds } = this.#options
    const inSeconds = presentable(channel) + slackSeconds
    await sql`
      update revocations set
        failures = 0, is_repeat = true,
        due_at = ${is_repeat ? sql`null` : sql`clock_timestamp() + make_interval(secs => ${inSeconds})`}
      where id = ${id}`.execute(db)
  }

  async #failed({ id, failures }: Job): Promise<void> {
    const pause = Math.min(longestPauseSeconds, 0.5 * 2 ** failures) * (0.75 + Math.random() / 2)
    await sql`
      update revocations set failures = failures + 1, due_at = clock_timestamp() + make_interval(secs => ${pause})
      where id = ${id}`.execute(this.#options.db)
  }
}
