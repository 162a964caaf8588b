import { type OwnValues, ownKinds, type WritableKind } from '@grandchat/contracts/own-rows/kinds'
import type { Database } from '../database/database.ts'
import { invalidInput, notFound } from '../errors.ts'
import { accessRoom } from '../rooms/access.ts'

/** A value as its kind has it, whatever was sent; what is no key of the kind names nothing. */
export function checkOwnRow<Kind extends WritableKind>(kind: Kind, key: string, input: unknown): OwnValues[Kind] {
  const rules = ownKinds[kind]
  checkOwnKey(kind, key)
  const schema = typeof rules.value === 'function' ? rules.value(key) : rules.value
  if (!schema) throw notFound()
  const { data, error } = schema.safeParse(input)
  if (error) {
    const problems = error.issues.slice(0, 20).map(({ path, message }) => [['value', ...path].join('.'), message])
    throw invalidInput(Object.fromEntries(problems))
  }
  if (Buffer.byteLength(JSON.stringify(data)) > rules.maxBytes) throw invalidInput({ value: 'is too long' })
  return data as OwnValues[Kind]
}

export function checkOwnKey(kind: WritableKind, key: string): void {
  if (!ownKinds[kind].key.safeParse(key).success) throw notFound()
}

type Place = {
  roomId: number
  messageIds: number[]
  /** What else the room has to be. */
  checkRoom?: (room: Awaited<ReturnType<typeof accessRoom>>) => void
}

/** Rooms and messages that a row names are the caller's to read, or look like none. */
export async function accessNamed<Kind extends WritableKind>(
  db: Database,
  userId: number,
  kind: Kind,
  key: string,
  value: OwnValues[Kind],
): Promise<void> {
  const place = placesNamed[kind](key, value)
  if (!place) return
  const room = await accessRoom(db, userId, place.roomId)
  place.checkRoom?.(room)
  for (const id of place.messageIds) {
    const query = db.selectFrom('messages').select('id').where('id', '=', id).where('room_id', '=', place.roomId)
    if (!(await query.executeTakeFirst())) throw notFound()
  }
}

const placesNamed: { [Kind in WritableKind]: (key: string, value: OwnValues[Kind]) => Place | undefined } = {
  draft(key) {
    const [roomId, threadId] = key.split('.').map(Number)
    return { roomId: roomId!, messageIds: threadId === undefined ? [] : [threadId] }
  },
  saved(key, { room_id, message_id }) {
    if (Number(key) !== message_id) throw invalidInput({ 'value.message_id': 'is not the one of the key' })
    return { roomId: room_id, messageIds: [message_id] }
  },
  scheduled: (_key, { room_id, thread_id, reply_to }) => ({
    roomId: room_id,
    messageIds: [thread_id, reply_to].filter((id) => id !== undefined),
  }),
  section: () => undefined,
  placement: (key) => ({ roomId: Number(key), messageIds: [] }),
  closing: (key, { seq }) => ({
    roomId: Number(key),
    messageIds: [],
    checkRoom({ kind, last_seq }) {
      if (kind !== 'direct') throw invalidInput({ key: 'is not a direct room' })
      // What is yet to come is not put away.
      if (seq > last_seq) throw invalidInput({ 'value.seq': 'is above the last message' })
    },
  }),
  setting: () => undefined,
}
