import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import { backoff } from '../backoff.ts'
import type { Environment } from '../environment.ts'
import { isSignedOut, isTemporary } from '../rest/request-error.ts'
import type { Rooms } from '../rooms/rooms.ts'
import { type Timer, createTimer } from '../timer.ts'

/** Reading on moves the marker many times; one request stands for what happens within this time. */
const gatherMs = 300

/** A move of one room's marker that the server has not confirmed. */
type Move = { seq: number; isBack: boolean; failures: number; isSending: boolean; timer: Timer }

export type ReadMarkers = ReturnType<typeof createReadMarkers>

type ReadMarkersSetup = {
  environment: Environment
  rooms: Rooms
  put: (roomId: number, seq: number) => Promise<ReadMarker>
}

export function createReadMarkers({ environment, rooms, put }: ReadMarkersSetup) {
  const moves = new Map<number, Move>()
  /** Marks from before the server has said where the reader is. */
  const early = new Map<number, number>()
  /** One request after the other: all rooms may be marked at once. */
  let turns: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turns.then(work)
    turns = done.catch(() => undefined)
    return done
  }

  async function send(roomId: number, move: Move) {
    if (move.isSending || moves.get(roomId) !== move) return
    let { seq } = move
    move.isSending = true
    try {
      const marker = await inTurn(async () => {
        if (moves.get(roomId) !== move) return undefined
        if (move.isBack && !rooms.isReadBack(roomId)) finish(roomId)
        else return put(roomId, (seq = move.seq))
        return undefined
      })
      if (!marker || moves.get(roomId) !== move) return
      rooms.mergeMarker(marker)
      // An own message that was said while this was on its way has read further: its reader did not go back.
      if (!move.isBack) move.seq = Math.max(move.seq, rooms.ownSeq(roomId))
      if (move.seq === seq) finish(roomId)
      else move.timer.reset(gatherMs)
    } catch (error) {
      if (moves.get(roomId) === move) failed(roomId, move, error)
    } finally {
      move.isSending = false
    }
  }

  function failed(roomId: number, move: Move, error: unknown) {
    if (!isTemporary(error) && !isSignedOut(error)) return finish(roomId)
    move.failures++
    move.timer.reset(backoff(environment, move.failures, 2_000))
  }

  function finish(roomId: number) {
    moves.get(roomId)?.timer.cancel()
    moves.delete(roomId)
    rooms.setReadHere(roomId, undefined)
  }

  function mark(roomId: number, upTo: number) {
    if (!rooms.isReady()) {
      early.set(roomId, upTo)
      return
    }
    const room = rooms.get(roomId).get()
    if (!room) return
    const seq = Math.min(upTo, room.last_seq)
    if (seq <= room.read_seq) return
    move(roomId, seq, false)
  }

  function markUnread(roomId: number, seq: number) {
    early.delete(roomId)
    const room = rooms.get(roomId).get()
    if (room && seq < room.read_seq) move(roomId, Math.max(0, seq), true)
  }

  function markAll() {
    for (const { id, unread, last_seq } of rooms.list.get().rooms) if (unread > 0) mark(id, last_seq)
  }

  function move(roomId: number, seq: number, isBack: boolean) {
    rooms.setReadHere(roomId, { seq, isBack })
    const known = moves.get(roomId)
    if (known) {
      Object.assign(known, { seq, isBack })
      return
    }
    const move: Move = {
      seq,
      isBack,
      failures: 0,
      isSending: false,
      timer: createTimer(environment, () => void send(roomId, move)),
    }
    moves.set(roomId, move)
    move.timer.reset(gatherMs)
  }

  return {
    mark,
    /** Moves the marker back, also over moves forward that wait; on all devices. */
    markUnread,
    /** Marks every room as read up to its end. */
    markAll,

    /** The server has said where the reader is. */
    markEarly() {
      const marks = [...early]
      early.clear()
      for (const [roomId, seq] of marks) mark(roomId, seq)
    },

    stop() {
      early.clear()
      turns = Promise.resolve()
      for (const roomId of Array.from(moves.keys())) finish(roomId)
    },
  }
}
