import { sql } from 'kysely'
import type { ErrorCode } from '@grandchat/contracts/errors'
import type { ScheduledMessage } from '@grandchat/contracts/own-rows/kinds'
import type { User } from '@grandchat/contracts/users/schema'
import { AppError } from '../errors.ts'
import type { Sender } from '../messages/send.ts'
import type { Send, SendOutcome } from '../messages/send-batch.ts'
import { Withdrawn } from '../messages/withdrawn.ts'
import { bumpUser, type RoomChanger } from '../rooms/change-room.ts'
import { Rounds } from '../rounds.ts'
import { postInThread } from '../threads/post.ts'
import { presentUser } from '../users/present.ts'
import type { OpenTransaction } from '../database/database.ts'
import { lockUser } from './put.ts'
import { findOwnRow, ownRowsChanged, writeOwnRow } from './write.ts'

/** Between two looks, if nothing is due before: what a backend that died had taken, or what another was asked to send. */
const longestPauseMs = 5_000
/** What is due and was not taken is in another backend's hands. */
const shortestPauseMs = 50
/** One that was taken and not finished is taken again after this. Longer than a send takes. */
const leaseSeconds = 15
const perRound = 20

type Due = { user_id: number; key: string; value: ScheduledMessage; own_version: number }

export type ScheduledSendsOptions = RoomChanger & {
  sender: Pick<Sender, 'send'>
  onError: (error: unknown) => void
}

/**
 * Sends messages whose time has come, those of a time when no backend ran at once. Any backend does, and two may: the
 * row's key is the message's `client_message_id`, so however often one is sent, there is one message.
 */
export class ScheduledSends {
  readonly #options: ScheduledSendsOptions
  readonly #rounds: Rounds

  constructor(options: ScheduledSendsOptions) {
    this.#options = options
    this.#rounds = new Rounds({ look: () => this.#look(), pauseMs: longestPauseMs, onError: options.onError })
  }

  /** Looks now: something may have become due, or is due sooner. */
  wake(): void {
    this.#rounds.wake()
  }

  /** Resolves when what was taken is done. */
  stop(): Promise<void> {
    return this.#rounds.stop()
  }

  async #look(): Promise<number> {
    const due = await this.#take()
    await Promise.all(due.map((each) => this.#attempt(each)))
    return due.length === perRound ? 0 : this.#untilNext()
  }

  async #untilNext(): Promise<number> {
    const { rows } = await sql<{ ms: number | null }>`
      select extract(epoch from min(due_at) - clock_timestamp())::double precision * 1000 as ms
      from own_rows where due_at is not null`.execute(this.#options.db)
    return Math.min(longestPauseMs, Math.max(shortestPauseMs, rows[0]?.ms ?? longestPauseMs))
  }

  async #take(): Promise<Due[]> {
    const taken = await sql<Due>`
      update own_rows set due_at = clock_timestamp() + make_interval(secs => ${leaseSeconds})
      where (user_id, kind, key) in (
        select user_id, kind, key from own_rows where due_at <= clock_timestamp() order by due_at limit ${perRound}
        for update skip locked
      )
      returning user_id, key, value, own_version`.execute(this.#options.db)
    return taken.rows
  }

  /** What fails for no fault of the message is tried again when its lease has run out. */
  async #attempt(due: Due): Promise<void> {
    try {
      const failure = await this.#send(due)
      await this.#settle(due, failure)
    } catch (error) {
      // What was taken back is done with, what was changed waits for its new time.
      if (!(error instanceof Withdrawn)) this.#options.onError(error)
    }
  }

  async #send(due: Due): Promise<ErrorCode | undefined> {
    const { user_id, key, value } = due
    const author = await this.#findAuthor(user_id)
    if (!author) return 'permission_denied'
    const send = {
      author,
      content: value.content,
      clientMessageId: key,
      replyTo: value.reply_to ?? null,
      forwarded: null,
      isWanted: (tx: OpenTransaction) => isAsTaken(tx, due),
    }
    const outcome =
      value.thread_id === undefined ? this.#options.sender.send(value.room_id, send) : this.#sendInThread(value, send)
    return failures[(await outcome).status]
  }

  async #sendInThread(
    { room_id, thread_id }: ScheduledMessage,
    send: Send,
  ): Promise<{ status: SendOutcome['status'] }> {
    try {
      return await postInThread(this.#options, send.author, room_id, thread_id!, send)
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error
      return { status: statuses[error.code] ?? 'no_such_message' }
    }
  }

  async #findAuthor(userId: number): Promise<User | undefined> {
    const user = await this.#options.db
      .selectFrom('users')
      .select(['id', 'username', 'display_name', 'avatar'])
      .where('id', '=', userId)
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
    return user && presentUser(user)
  }

  /** Sent, the row goes; refused, it says why. What its author has changed meanwhile is looked at anew. */
  async #settle({ user_id, key, value, own_version }: Due, failure: ErrorCode | undefined): Promise<void> {
    const { db, announcer } = this.#options
    await announcer.within(db, async (tx, announce) => {
      await lockUser(tx, user_id)
      const row = await findOwnRow(tx, user_id, 'scheduled', key)
      if (!row || row.value === null || (failure !== undefined && row.own_version !== own_version)) return
      const userVersion = await bumpUser(tx, user_id)
      const settled = failure === undefined ? null : { ...value, failure }
      await announce([
        ownRowsChanged(user_id, userVersion, [await writeOwnRow(tx, user_id, userVersion, 'scheduled', key, settled)]),
      ])
    })
  }
}

/**
 * Neither taken back nor changed since it was taken; and it will not be before the end of this transaction. So whoever has the answer
 * to either knows that nothing else is sent.
 */
async function isAsTaken(tx: OpenTransaction, { user_id, key, own_version }: Due): Promise<boolean> {
  const row = await tx
    .selectFrom('own_rows')
    .select('own_version')
    .where('user_id', '=', user_id)
    .where('kind', '=', 'scheduled')
    .where('key', '=', key)
    .where('value', 'is not', null)
    .forUpdate()
    .executeTakeFirst()
  return row?.own_version === own_version
}

/** How a thread says what a send says by its status. */
const statuses: Partial<Record<ErrorCode, SendOutcome['status']>> = {
  not_found: 'no_member',
  permission_denied: 'not_allowed',
  room_archived: 'room_archived',
}

/** Why a message cannot be sent, unless it was. */
const failures: Record<SendOutcome['status'], ErrorCode | undefined> = {
  new: undefined,
  repeat: undefined,
  no_member: 'not_found',
  key_reused: 'idempotency_key_reused',
  not_allowed: 'permission_denied',
  room_archived: 'room_archived',
  no_such_message: 'invalid_input',
}
