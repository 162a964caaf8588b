import { channels } from '@grandchat/contracts/realtime/channels'
import type { OpenTransaction } from '../../database/database.ts'
import type { Change } from '../announcer.ts'
import type { Audience } from '../audience.ts'
import { keys } from '../keys.ts'
import type { RoomChange } from '../publisher.ts'
import { channelsOf, type MembersOf } from '../targets.ts'
import { insertIntoCdc, insertIntoOutbox } from './insert.ts'
import type { PartitionNotifier } from './notifier.ts'
import { type Row, rowsOf } from './rows.ts'
import { fits } from './size.ts'

export type OutboxOptions = {
  table: 'chat_outbox' | 'chat_cdc'
  /** Centrifugo's `num_partitions`. Rows of a room stay in one, in order. */
  partitions: number
  epoch: string
  audience: Audience
  notifier: PartitionNotifier
  onNudge?: () => void
}

/**
 * Events as rows of the transaction that makes them: committed with the change or not at all, and in the order of their
 * versions, because they are written under the room's lock.
 */
export class Outbox {
  readonly #options: OutboxOptions

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Returns what to do once the transaction is committed. */
  async write(tx: OpenTransaction, changes: readonly Change[]): Promise<() => void> {
    const { table, audience, notifier } = this.#options
    const members = audience.within(tx)
    const rows: Row[] = []
    for (const change of changes) rows.push(...(await this.#rowsOf(change, members.membersOf)))
    const touched = table === 'chat_outbox' ? await insertIntoOutbox(tx, rows) : await insertIntoCdc(tx, rows)
    return () => {
      members.keep()
      notifier.touch(touched)
    }
  }

  /** Resolves when Centrifugo has been woken for everything that was committed so far. */
  drained(): Promise<void> {
    return this.#options.notifier.drained()
  }

  async #rowsOf(change: Change, membersOf: MembersOf): Promise<Row[]> {
    const { epoch, partitions } = this.#options
    const { roomId, version } = change
    if (change.stream === 'workspace') {
      const place = { roomId: null, partition: 0 }
      return rowsOf([channels.workspace], change.event, keys.workspace(epoch, version), place)
    }
    const place = { roomId, partition: (roomId ?? (change.stream === 'own' ? change.userId : 0)) % partitions }
    if (change.stream === 'own') {
      const { userId, event } = change
      return rowsOf([channels.personal(userId)], event, keys.user(epoch, userId, version), place)
    }
    const names = await channelsOf(change, membersOf)
    return rowsOf(names, this.#eventThatFits(change), keys.room(epoch, change.roomId, version), place)
  }

  /** Nothing is ever cut: what is too long to be sent is fetched, and a nudge says so. */
  #eventThatFits({ roomId, version, event }: RoomChange): RoomChange['event'] {
    if (fits(event)) return event
    this.#options.onNudge?.()
    return { type: 'room_changed', body: { room: { id: roomId, version } } }
  }
}
