import type { Database } from '../database/database.ts'
import { isOutcomeUnknown } from '../database/failures.ts'
import type { Publisher } from '../realtime/publisher.ts'
import { overloaded } from '../errors.ts'
import { isMember } from '../rooms/access.ts'
import type { Lanes } from '../rooms/lanes.ts'
import { KnownMembers } from './known-members.ts'
import { sendBatch, type Send, type SendOutcome } from './send-batch.ts'

const maxBatch = 64
/** Sends that may wait in one room. */
const maxWaiting = 2_000
const maxWaitMs = 2_000

type WaitingSend = Send & {
  resolve: (outcome: SendOutcome) => void
  reject: (error: unknown) => void
  deadline: number
  /** Repeats of the same key and text that arrived while this one waits; they are answered by it. */
  repeats: WaitingSend[]
}

type RoomSends = { waiting: WaitingSend[]; byKey: Map<string, WaitingSend>; isScheduled: boolean }

/** Sends messages in their room's lane: what arrives while a batch is in flight forms the next one. */
export class Sender {
  #db: Database
  #lanes: Lanes
  #publisher: Publisher
  #rooms = new Map<number, RoomSends>()
  #known = new KnownMembers()

  constructor(db: Database, lanes: Lanes, publisher: Publisher) {
    this.#db = db
    this.#lanes = lanes
    this.#publisher = publisher
  }

  /** Resolves once the message is committed (or known to be a repeat or refused). Nothing the caller does later cancels it. */
  async send(roomId: number, send: Send): Promise<SendOutcome> {
    const { id } = send.author
    const isLetIn = this.#known.has(roomId, id) || (await isMember(this.#db, id, roomId))
    if (!isLetIn) return { status: 'no_member' }
    const outcome = await this.#wait(roomId, send)
    if (outcome.status === 'no_member') this.#known.delete(roomId, id)
    else this.#known.add(roomId, id)
    return outcome
  }

  #wait(roomId: number, send: Send): Promise<SendOutcome> {
    return new Promise((resolve, reject) => {
      const room = this.#rooms.get(roomId) ?? { waiting: [], byKey: new Map(), isScheduled: false }
      this.#rooms.set(roomId, room)
      this.#enqueue(roomId, room, { ...send, resolve, reject, deadline: performance.now() + maxWaitMs, repeats: [] })
    })
  }

  #enqueue(roomId: number, room: RoomSends, send: WaitingSend): void {
    const key = keyOf(send)
    const first = key && room.byKey.get(key)
    if (first && first.content === send.content) {
      first.repeats.push(send)
      return
    }
    if (room.waiting.length >= maxWaiting) return send.reject(overloaded())
    room.waiting.push(send)
    if (key && !first) room.byKey.set(key, send)
    this.#schedule(roomId, room)
  }

  #schedule(roomId: number, room: RoomSends): void {
    if (room.isScheduled) return
    room.isScheduled = true
    this.#lanes
      .run(roomId, () => this.#runBatch(roomId, room))
      .catch((error: unknown) => this.#settle(room, takeAll(room), error))
      .finally(() => {
        room.isScheduled = false
        if (room.waiting.length > 0) this.#schedule(roomId, room)
        else if (this.#rooms.get(roomId) === room) this.#rooms.delete(roomId)
      })
  }

  async #runBatch(roomId: number, room: RoomSends): Promise<void> {
    const now = performance.now()
    const batch: WaitingSend[] = []
    while (batch.length < maxBatch && room.waiting.length > 0) {
      const send = room.waiting.shift()!
      if (send.deadline > now) batch.push(send)
      else this.#settle(room, [send], overloaded())
    }
    if (batch.length === 0) return
    try {
      const outcomes = await sendBatch(this.#db, roomId, batch)
      this.#announce(roomId, outcomes)
      for (const [i, send] of batch.entries()) this.#answer(room, send, outcomes[i]!)
    } catch (error) {
      if (isOutcomeUnknown(error)) this.#publisher.roomUnsure(roomId)
      this.#settle(room, batch, error)
    }
  }

  #announce(roomId: number, outcomes: SendOutcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.status !== 'new') continue
      this.#publisher.roomChanged({
        roomId,
        version: outcome.message.version,
        membersVersion: outcome.membersVersion,
        via: [outcome.message.room.delivery],
        event: { type: 'message_added', body: outcome.message },
      })
    }
  }

  #answer(room: RoomSends, send: WaitingSend, outcome: SendOutcome): void {
    forget(room, send)
    send.resolve(outcome)
    const toRepeats: SendOutcome =
      outcome.status === 'new' ? { status: 'repeat', message: withoutRoom(outcome.message) } : outcome
    for (const repeat of send.repeats) repeat.resolve(toRepeats)
  }

  #settle(room: RoomSends, sends: WaitingSend[], error: unknown): void {
    for (const send of sends) {
      forget(room, send)
      for (const waiting of [send, ...send.repeats]) waiting.reject(error)
    }
  }
}

function takeAll(room: RoomSends): WaitingSend[] {
  return room.waiting.splice(0)
}

function keyOf({ clientMessageId, author }: Send): string | null {
  return clientMessageId && `${author.id} ${clientMessageId}`
}

function forget(room: RoomSends, send: WaitingSend): void {
  const key = keyOf(send)
  if (key && room.byKey.get(key) === send) room.byKey.delete(key)
}

function withoutRoom<T extends { room: unknown }>({ room: _room, ...message }: T): Omit<T, 'room'> {
  return message
}
