import type { ScheduledMessage } from '@grandchat/contracts/own-rows/kinds'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/rows-changed'
import type { Act } from './history.ts'
import { textOfOwn } from './own.ts'

/** What a request is about. `user`: the one who is brought in or put out, where that is not the one who asks. */
export type Call =
  | { f: 'send'; room: number; key: string }
  | { f: 'join' | 'leave'; room: number; user?: number }
  | { f: 'read'; room: number; thread?: number }
  | { f: 'mark'; room: number; seq: number }
  | (Act & { f: 'act'; room: number })
  /** '' takes it back. */
  | { f: 'later'; room: number; key: string; text: string }
  | { f: 'other' }

type Given = {
  client_message_id?: string
  seq?: number
  content?: string
  role?: string
  value?: unknown
  level?: string
  name?: string
  topic?: string
  posting?: string
}
type Reader = (parts: string[], given: Given, url: URL) => Call

const other: Call = { f: 'other' }

/** By method and path, where `#` stands for a number and `*` for any word. */
const readers: Record<string, Reader> = {
  'GET /api/rooms/#/messages/': ([room], _, { searchParams }) => {
    if (searchParams.has('ids') || searchParams.has('around')) return other
    const thread = Number(searchParams.get('thread') ?? 0)
    return { f: 'read', room: Number(room), ...(thread > 0 && { thread }) }
  },
  'POST /api/rooms/#/messages/': ([room], { client_message_id: key = '' }) => ({ f: 'send', room: Number(room), key }),
  'POST /api/rooms/#/join/': ([room]) => ({ f: 'join', room: Number(room) }),
  'POST /api/rooms/#/leave/': ([room]) => ({ f: 'leave', room: Number(room) }),
  'PUT /api/rooms/#/members/#/': ([room, user]) => ({ f: 'join', room: Number(room), user: Number(user) }),
  'DELETE /api/rooms/#/members/#/': ([room, user]) => ({ f: 'leave', room: Number(room), user: Number(user) }),
  'PATCH /api/rooms/#/members/#/': ([room, user], { role = '' }) => actOf(room, 'role', user!, role),
  'PUT /api/rooms/#/read-marker/': ([room], { seq = 0 }) => ({ f: 'mark', room: Number(room), seq }),
  'PATCH /api/rooms/#/messages/#/': ([room, id], { content = '' }) => actOf(room, 'edit', id!, content),
  'DELETE /api/rooms/#/messages/#/': ([room, id]) => actOf(room, 'remove', id!, 'gone'),
  'PUT /api/rooms/#/messages/#/reactions/*/': ([room, id, emoji]) => reactionOf(room, id, emoji, 'on'),
  'DELETE /api/rooms/#/messages/#/reactions/*/': ([room, id, emoji]) => reactionOf(room, id, emoji, 'off'),
  'PUT /api/rooms/#/pins/#/': ([room, id]) => actOf(room, 'pin', id!, 'on'),
  'DELETE /api/rooms/#/pins/#/': ([room, id]) => actOf(room, 'pin', id!, 'off'),
  'POST /api/rooms/#/archive/': ([room]) => actOf(room, 'room', 'archived', 'on'),
  'POST /api/rooms/#/restore/': ([room]) => actOf(room, 'room', 'archived', 'off'),
  'PATCH /api/rooms/#/': ([room], { name, topic, posting }) => {
    if (name !== undefined) return actOf(room, 'room', 'name', name)
    return topic === undefined ? actOf(room, 'room', 'posting', posting ?? '') : actOf(room, 'room', 'topic', topic)
  },
  'PATCH /api/rooms/#/own/': ([room], { level }) =>
    level === undefined ? other : actOf('0', 'own', `level ${room}`, level),
  'PUT /api/own/*/*/': ([kind, key], { value }) => ownOf(kind!, key!, value),
  'DELETE /api/own/*/*/': ([kind, key]) => ownOf(kind!, key!, null),
}

const patterns = Object.entries(readers).map(([name, read]) => {
  const pattern = name.replaceAll('#', '(\\d+)').replaceAll('*', '([^/]+)')
  return { pattern: new RegExp(`^${pattern}$`), read }
})

export function readCall(method: string, url: URL, body: unknown): Call {
  const given = (typeof body === 'string' && body !== '' ? JSON.parse(body) : {}) as Given
  for (const { pattern, read } of patterns) {
    const found = pattern.exec(`${method} ${url.pathname}`)
    if (found) return read(found.slice(1), given, url)
  }
  return other
}

function actOf(room: string | undefined, kind: Act['kind'], target: string, value: string): Call {
  return { f: 'act', room: Number(room), kind, target, value }
}

function ownOf(kind: string, key: string, value: unknown): Call {
  const text = textOfOwn(kind, value)
  if (kind !== 'scheduled') return actOf('0', 'own', `${kind} ${key}`, text)
  const { room_id: room = 0 } = (value ?? {}) as Partial<ScheduledMessage>
  return { f: 'later', room, key, text }
}

function reactionOf(room: string | undefined, id: string | undefined, emoji = '', value: string): Call {
  return actOf(room, 'react', `${id} ${decodeURIComponent(emoji)}`, value)
}

/** Nothing is decided: the client may ask again. What may not be done here or now is refused for good. */
export function isUndecided(call: Call, status: number, text: string): boolean {
  if (status >= 500 || [401, 408, 425, 429].includes(status)) return true
  if (status === 403) return !/"code":"(room_archived|permission_denied)"/.test(text)
  // Already a member, by a request that nobody heard of.
  return status === 409 && call.f === 'join'
}

/** The version of what was set: of its row, if it has one, else of its room. */
export function versionOf({ kind, target }: Act, body: unknown): number {
  if (kind === 'own') return (body as OwnRow).own_version
  const { room, messages = [], reactions = [], pins = [], members = [] } = body as RowsChanged
  const id = Number(target.split(' ')[0])
  const row =
    kind === 'edit' || kind === 'remove'
      ? messages.find((message) => message.id === id)
      : kind === 'react'
        ? reactions.find((one) => `${one.message_id} ${one.emoji}` === target)
        : kind === 'pin'
          ? pins.find(({ message_id }) => message_id === id)
          : kind === 'role'
            ? members.find(({ user }) => user.id === id)
            : undefined
  return row?.version ?? room.version
}
