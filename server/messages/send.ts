import type { Database } from '../database/database.ts'
import { isOutcomeUnknown } from '../database/failures.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Announcer, Change } from '../realtime/announcer.ts'
import { overloaded } from '../errors.ts'
import { isMember } from '../rooms/access.ts'
import type { Lanes } from '../rooms/lanes.ts'
import { KnownMembers } from './known-members.ts'
import { sendBatch, type Send, type SendOutcome } from './send-batch.ts'
import { assertWanted, Withdrawn } from './withdrawn.ts'

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

export type SenderOptions = {
  db: Database
  lanes: Lanes
  announcer: Announcer
  metrics: Pick<Metrics, 'sends' | 'laneRefusals'>
}

/** Sends messages in their room's lane: what arrives while a batch is in flight forms the next one. */
export class Sender {
  #db: Database
  #lanes: Lanes
  #announcer: Announcer
  #metrics: SenderOptions['metrics']
  #rooms = new Map<number, RoomSends>()
  #known = new KnownMembers()

  constructor({ db, lanes, announcer, metrics }: SenderOptions) {
    this.#db = db
    this.#lanes = lanes
    this.#announcer = announcer
    this.#metrics = metrics
  }

  /** Resolves once the message is committed (or known to be a repeat or refused). Nothing the caller does later cancels it. */
  async send(roomId: number, send: Send): Promise<SendOutcome> {
    const { id } = send.author
    const isLetIn = this.#known.has(roomId, id) || (await isMember(this.#db, id, roomId))
    const outcome: SendOutcome = isLetIn ? await this.#wait(roomId, send) : { status: 'no_member' }
    this.#metrics.sends.inc({ outcome: outcome.status })
    if (!isLetIn) return outcome
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
    // One that may be taken back answers for nobody else.
    if (first && !first.isWanted && isSameMessage(first, send)) {
      first.repeats.push(send)
      return
    }
    if (room.waiting.length >= maxWaiting) {
      this.#metrics.laneRefusals.inc()
      return send.reject(overloaded())
    }
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
      else {
        this.#metrics.laneRefusals.inc()
        this.#settle(room, [send], overloaded())
      }
    }
    for (let rest = batch; rest.length > 0;) rest = await this.#sendAll(roomId, room, rest)
  }

  /** Returns those to be tried again, because of others that were taken back. */
  async #sendAll(roomId: number, room: RoomSends, batch: WaitingSend[]): Promise<WaitingSend[]> {
    try {
      const outcomes = await this.#commit(roomId, batch)
      for (const [i, send] of batch.entries()) this.#answer(room, send, outcomes[i]!)
      return []
    } catch (error) {
      const isDone = (send: WaitingSend) => !(error instanceof Withdrawn) || error.sends.includes(send)
      this.#settle(room, batch.filter(isDone), error)
      return batch.filter((send) => !isDone(send))
    }
  }

  /** One statement is a transaction of its own; only where events are rows, too, or something may be taken back, it takes more. */
  async #commit(roomId: number, batch: readonly Send[]): Promise<SendOutcome[]> {
    if (this.#announcer.writesRows || batch.some(({ isWanted }) => isWanted)) {
      return this.#announcer.within(this.#db, async (tx, announce) => {
        const outcomes = await sendBatch(tx, roomId, batch)
        const isNew = (_: Send, i: number) => outcomes[i]?.status === 'new'
        await assertWanted(tx, batch.filter(isNew))
        await announce(changesOf(roomId, outcomes))
        return outcomes
      })
    }
    try {
      const outcomes = await sendBatch(this.#db, roomId, batch)
      this.#announcer.committed(changesOf(roomId, outcomes))
      return outcomes
    } catch (error) {
      if (isOutcomeUnknown(error)) this.#announcer.unsure(roomId)
      throw error
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

function changesOf(roomId: number, outcomes: readonly SendOutcome[]): Change[] {
  return outcomes.flatMap((outcome): Change[] => {
    if (outcome.status !== 'new') return []
    const { message, membersVersion } = outcome
    const event = { type: 'message_added', body: message } as const
    return [{ stream: 'room', roomId, version: message.version, membersVersion, via: [message.room.delivery], event }]
  })
}

function takeAll(room: RoomSends): WaitingSend[] {
  return room.waiting.splice(0)
}

/** As the database would say of two sends with one key. */
function isSameMessage(one: Send, other: Send): boolean {
  const isSameOrigin = one.forwarded !== null && one.forwarded.message_id === other.forwarded?.message_id
  return one.content === other.content || isSameOrigin
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
