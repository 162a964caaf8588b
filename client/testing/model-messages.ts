import type { MessageRow } from '@grandchat/contracts/messages/schema'
import type { PinRow } from '@grandchat/contracts/pins/schema'
import type { ReactionRow } from '@grandchat/contracts/reactions/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/events'
import type { ModelRoom, ModelServer } from './model-server.ts'

// What people do to messages. As on the server, a repeat changes nothing and is answered with the rows as they are.

export function editMessage(model: ModelServer, roomId: number, id: number, content: string): RowsChanged {
  const place = model.rooms.get(roomId)!
  const old = place.messages.get(id)!
  if (old.content === content) return { room: place.room, messages: [old] }
  return model.changeRows(roomId, (version, edited_at) => ({
    messages: [{ ...namedNow(model, old), version, content, mentions: mentionsIn(place, content), edited_at }],
  }))
}

/** Its reactions and its pin go with it. */
export function removeMessage(model: ModelServer, roomId: number, id: number): RowsChanged {
  const place = model.rooms.get(roomId)!
  const old = place.messages.get(id)!
  if (old.deleted_at !== null) return { room: place.room, messages: [old] }
  const isLast = place.room.last_message?.id === id
  return model.changeRows(roomId, (version, deleted_at) => {
    if (isLast) place.room = { ...place.room, last_message: lastBefore(model, place, id) }
    const pin = place.pins.get(id)
    return {
      messages: [{ ...namedNow(model, old), version, content: '', forwarded: null, mentions: null, deleted_at }],
      reactions: reactionsOf(place, id).map((row) => ({ ...row, count: 0, user_ids: [], version })),
      pins: pin && pin.unpinned_at === null ? [{ ...pin, unpinned_at: deleted_at, version }] : [],
    }
  })
}

type Reaction = { userId: number; roomId: number; messageId: number; emoji: string; isOn: boolean }

export function react(model: ModelServer, { userId, roomId, messageId, emoji, isOn }: Reaction): RowsChanged {
  const place = model.rooms.get(roomId)!
  const known = place.reactions.get(keyOf(messageId, emoji))
  const others = (known?.user_ids ?? []).filter((id) => id !== userId)
  const user_ids = isOn ? [...others, userId] : others
  if (user_ids.length === (known?.count ?? 0)) return { room: place.room, reactions: known ? [known] : [] }
  return model.changeRows(roomId, (version) => ({
    reactions: [{ message_id: messageId, emoji, count: user_ids.length, user_ids, version }],
  }))
}

export function setPin(model: ModelServer, { userId, roomId, messageId, isOn }: Omit<Reaction, 'emoji'>): RowsChanged {
  const { room, pins } = model.rooms.get(roomId)!
  const known = pins.get(messageId)
  if (isOn === isPinned(known)) return { room, pins: known ? [known] : [] }
  return model.changeRows(roomId, (version, now) => {
    if (!isOn) return { pins: [{ ...known!, unpinned_at: now, version }] }
    const user = model.user(userId)
    const line = model.systemLine(roomId, user, { type: 'pinned', message_id: messageId })
    return { messages: [line], pins: [{ message_id: messageId, user, pinned_at: now, unpinned_at: null, version }] }
  })
}

export const keyOf = (messageId: number, emoji: string) => `${messageId}:${emoji}`
export const isPinned = (pin: PinRow | undefined) => pin !== undefined && pin.unpinned_at === null

/** Whom a text mentions of those who are members. */
export function mentionsIn({ members }: ModelRoom, content: string): MessageRow['mentions'] {
  const current = [...members.values()].filter((member) => member.left_at === null)
  const users = current.filter(({ user }) => content.includes(`@${user.username}`)).map(({ user }) => user.id)
  const all = content.includes('@all')
  return users.length > 0 || all ? { users, all } : null
}

/** What people hold of a message. */
export function reactionsOf({ reactions }: ModelRoom, id: number): ReactionRow[] {
  return [...reactions.values()].filter((row) => row.message_id === id && row.count > 0)
}

function namedNow(model: ModelServer, row: MessageRow): MessageRow {
  return { ...row, user: model.user(row.user.id) }
}

function lastBefore(model: ModelServer, { messages }: ModelRoom, before: number) {
  const rows = [...messages.values()].filter((row) => row.id < before && row.seq !== null && row.deleted_at === null)
  const last = rows.sort((a, b) => b.id - a.id)[0]
  return last
    ? { id: last.id, content: last.content, user: model.user(last.user.id), created_at: last.created_at }
    : null
}
