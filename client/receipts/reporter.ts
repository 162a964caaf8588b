import { limits } from '@grandchat/contracts/limits'
import type { ReceiptReport } from '@grandchat/contracts/receipts/schema'
import { backoff } from '../backoff.ts'
import type { Environment } from '../environment.ts'
import { isSignedOut, isTemporary } from '../rest/request-error.ts'
import type { Rooms } from '../rooms/rooms.ts'
import { createTimer } from '../timer.ts'

/** What arrives within this time is reported at once, a little spread: all who hear a message hear it together. */
const gatherMs = 2_000
const spreadMs = 2_000
/** After a connection came up, when everybody else's may have, too. */
const catchUpMs = 15_000
/** The server tells of a report within a few seconds; one that died meanwhile has not. */
const unsureMs = 10_000

type ReporterSetup = {
  environment: Environment
  rooms: Rooms
  post: (report: ReceiptReport) => Promise<unknown>
}

export type Reporter = ReturnType<typeof createReporter>

/**
 * Tells the server up to where this device has been told of small rooms, on screen or not. What the reader has read is told
 * by their read marker, and need not be said twice.
 */
export function createReporter({ environment, rooms, post }: ReporterSetup) {
  const reported = new Map<number, { seq: number; atMs: number }>()
  const waiting = new Set<number>()
  let failures = 0
  let isSending = false
  let connectedMs = Number.NEGATIVE_INFINITY
  const timer = createTimer(environment, () => void send())

  /** The seq to be reported; undefined if there is nothing to say. */
  function newsOf(roomId: number): number | undefined {
    const room = rooms.get(roomId).get()
    if (!room || room.member_count < 2 || room.member_count > limits.receiptMembers) return undefined
    const known = Math.max(room.read_seq, reported.get(roomId)?.seq ?? 0)
    return room.last_seq > known ? room.last_seq : undefined
  }

  function note(roomId: number) {
    if (newsOf(roomId) === undefined) return
    waiting.add(roomId)
    schedule()
  }

  function schedule() {
    if (isSending || failures > 0) return
    const isCatchingUp = environment.now() - connectedMs < catchUpMs
    timer.soon(gatherMs + environment.random() * (isCatchingUp ? catchUpMs : spreadMs))
  }

  async function send() {
    const sent = gather()
    if (isSending || sent.size === 0) return
    isSending = true
    try {
      await post({ rooms: Object.fromEntries(sent) })
      done(sent)
    } catch (error) {
      if (isTemporary(error) || isSignedOut(error)) failures++
      else done(sent)
    }
    isSending = false
    if (failures > 0) timer.reset(backoff(environment, failures, gatherMs))
    else if (waiting.size > 0) schedule()
  }

  /** What is still worth a word, in one request. */
  function gather(): Map<number, number> {
    const found = new Map<number, number>()
    for (const roomId of waiting) {
      const seq = newsOf(roomId)
      if (seq === undefined) waiting.delete(roomId)
      else if (found.size < limits.receiptRooms) found.set(roomId, seq)
    }
    return found
  }

  function done(sent: ReadonlyMap<number, number>) {
    failures = 0
    for (const [roomId, seq] of sent) {
      reported.set(roomId, { seq, atMs: environment.now() })
      if (newsOf(roomId) === undefined) waiting.delete(roomId)
    }
  }

  return {
    /** The room may have moved on. */
    note,

    /** What an earlier client knew, it has reported. */
    resume() {
      const atMs = Number.NEGATIVE_INFINITY
      for (const { id, room } of rooms.entries()) if (room) reported.set(id, { seq: room.last_seq, atMs })
    },

    connected() {
      connectedMs = environment.now()
    },

    disconnected() {
      for (const [roomId, { atMs }] of reported) {
        if (environment.now() - atMs > unsureMs) continue
        reported.delete(roomId)
        note(roomId)
      }
    },

    stop() {
      timer.cancel()
      reported.clear()
      waiting.clear()
      failures = 0
      connectedMs = Number.NEGATIVE_INFINITY
    },
  }
}
