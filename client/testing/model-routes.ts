import { limits } from '@grandchat/contracts/limits'
import type { MentionsPage } from '@grandchat/contracts/mentions/list'
import type { ReceiptReport } from '@grandchat/contracts/receipts/schema'
import type { ErrorCode } from '@grandchat/contracts/errors'
import type { Changes, SyncAnswer, SyncRequest } from '@grandchat/contracts/sync/schema'
import type { Profile } from '@grandchat/contracts/users/profile'
import type { User } from '@grandchat/contracts/users/schema'
import type { AttachedRows, HistoryPage, MessageRow } from '@grandchat/contracts/messages/schema'
import type { RowsChanged } from '@grandchat/contracts/realtime/events'
import { isMentioned } from '../mentions/known.ts'
import { deliver } from './model-receipts.ts'
import { editMessage, isPinned, react, removeMessage, setPin } from './model-messages.ts'
import type { ModelRoom, ModelServer } from './model-server.ts'

export type Bounds = { pageRows: number; memberRows: number; changeRows: number; maxBehind: number }
export type Call = {
  method: string
  path: string
  query: URLSearchParams
  body: unknown
  /** In whose name, if that is said. */
  userId: string | undefined
}
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

const onMessagePath = /^\/api\/rooms\/(\d+)\/(messages|pins)\/(\d+)\/(?:reactions\/([^/]+)\/)?$/

const notFound: Answer = refusal(404, 'not_found')

/** REST as one user gets it from the model, each answer from one snapshot, in bounds small enough to be reached. */
export function createRoutes(model: ModelServer, viewer: number, bounds: Bounds) {
  /** A row as it is read now: people by their current names. */
  const named = <Row extends { user: User }>(row: Row): Row => ({ ...row, user: model.user(row.user.id) })
  const namedMessage = (row: MessageRow): MessageRow => ({
    ...named(row),
    forwarded: row.forwarded && named(row.forwarded),
  })
  const summary = ({ room }: ModelRoom) => ({ ...room, last_message: room.last_message && named(room.last_message) })

  function page(place: ModelRoom, rows: readonly MessageRow[], ends: { more: boolean; more_after?: boolean }): Answer {
    const { id, version, bumped_at } = place.room
    const results = rows.map((row) => ({ ...namedMessage(row), room: { id, version, bumped_at } }))
    const ids = new Set(results.map((row) => row.id))
    const attached = attachedTo(place, (messageId) => ids.has(messageId))
    const reactions = attached.reactions.filter(({ count }) => count > 0)
    const body: HistoryPage = {
      results,
      version,
      ...ends,
      ...attached,
      reactions,
      pins: attached.pins.filter(isPinned),
    }
    return { status: 200, body }
  }

  /** A page that a window may begin with, in a small room. */
  function firstPage(
    place: ModelRoom,
    rows: readonly MessageRow[],
    ends: { more: boolean; more_after?: boolean },
  ): Answer {
    const answer = page(place, rows, ends)
    const members = [...place.members.values()].filter((row) => row.left_at === null)
    if (members.length > limits.receiptMembers) return answer
    return { ...answer, body: { ...(answer.body as HistoryPage), members: members.map(named) } }
  }

  function attachedTo(place: ModelRoom, isWanted: (messageId: number, version: number) => boolean): AttachedRows {
    const wanted = (row: { message_id: number; version: number }) => isWanted(row.message_id, row.version)
    return {
      reactions: [...place.reactions.values()].filter(wanted),
      pins: [...place.pins.values()].filter(wanted).map(named),
      threads: [],
    }
  }

  function history(place: ModelRoom, query: URLSearchParams): Answer {
    const all = [...place.messages.values()].sort((a, b) => b.id - a.id)
    const { pageRows } = bounds
    const numberOf = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined)
    const [after, around, ids] = [numberOf('after'), numberOf('around'), query.get('ids')?.split(',').map(Number)]
    if (ids)
      return page(
        place,
        all.filter(({ id }) => ids.includes(id)),
        { more: false },
      )
    if (after !== undefined) {
      const newer = all.filter(({ id }) => id > after)
      const more = newer.length > pageRows
      return page(place, newer.slice(-pageRows), { more, more_after: more })
    }
    if (around !== undefined) {
      const at = all.findIndex(({ id }) => id === around)
      if (at < 0) return notFound
      const start = Math.max(0, at - Math.floor(pageRows / 2))
      const rows = all.slice(start, start + pageRows)
      return firstPage(place, rows, { more: start + pageRows < all.length, more_after: start > 0 })
    }
    const rows = all.filter(({ id }) => id < (numberOf('before') ?? Number.POSITIVE_INFINITY))
    const ofKind = query.has('before') ? page : firstPage
    return ofKind(place, rows.slice(0, pageRows), { more: rows.length > pageRows })
  }

  function mentions(query: URLSearchParams): Answer {
    const before = query.has('before') ? Number(query.get('before')) : Number.POSITIVE_INFINITY
    const rows = model
      .roomsOf(viewer)
      .flatMap(({ messages }) => [...messages.values()])
      .filter((row) => row.id < before && isMentioned(row, viewer))
      .sort((a, b) => b.id - a.id)
    const results = rows.slice(0, bounds.pageRows).map(namedMessage)
    const body: MentionsPage = { results, more: rows.length > bounds.pageRows }
    return { status: 200, body }
  }

  function pins(place: ModelRoom): Answer {
    const rows = [...place.pins.values()].filter(isPinned).sort((a, b) => (a.pinned_at < b.pinned_at ? 1 : -1))
    return page(
      place,
      rows.map(({ message_id }) => place.messages.get(message_id)!),
      { more: false },
    )
  }

  function members(place: ModelRoom, page: number): Answer {
    const rows = [...place.members.values()].filter((row) => row.left_at === null).map(named)
    const end = page * bounds.memberRows
    const next = end < rows.length ? `?page=${page + 1}` : null
    const results = rows.slice(end - bounds.memberRows, end)
    return { status: 200, body: { count: rows.length, next, previous: null, results } }
  }

  function changes(place: ModelRoom, since: number, low: number): Changes {
    const { epoch } = model
    const { version } = place.room
    if (since > version || since < place.floor || version - since > bounds.maxBehind) return { epoch, reset: true }
    const messages = [...place.messages.values()].filter((row) => row.version > since && row.id >= low)
    const members = [...place.members.values()].filter((row) => row.version > since)
    const attached = attachedTo(place, (id, at) => id >= low && at > since)
    const all = [...messages, ...members, ...attached.reactions, ...attached.pins]
    const versions = all.map((row) => row.version).sort((a, b) => a - b)
    const beyond = versions[bounds.changeRows]
    const to = beyond === undefined ? version : beyond - 1
    const isShown = (row: { version: number }) => row.version <= to
    return {
      epoch,
      room: summary(place),
      since,
      to,
      more: to < version,
      messages: messages.filter(isShown).map(namedMessage),
      reactions: attached.reactions.filter(isShown),
      pins: attached.pins.filter(isShown),
      threads: [],
      members: members.filter(isShown).map(named),
    }
  }

  function sync(request: SyncRequest): SyncAnswer {
    const isKnown = request.epoch === undefined || request.epoch === model.epoch
    const { user_version = 0, workspace_version = 0, rooms: named = {}, open = [] } = isKnown ? request : {}
    const places = model.roomsOf(viewer)
    const rooms = places.filter(({ room }) => named[room.id] !== room.version).map(summary)
    const listed = new Set(rooms.map((room) => room.id))
    return {
      epoch: model.epoch,
      user_version: model.userVersion(viewer),
      workspace_version: model.workspaceVersion,
      own: {
        memberships: model
          .ownMemberships(viewer)
          .filter((row) => row.own_version > user_version || listed.has(row.room_id)),
        ...ownRows(user_version),
      },
      workspace: { users: request.epoch === undefined || !isKnown ? [] : renamedSince(workspace_version) },
      rooms,
      threads: [],
      gone: Object.keys(named)
        .map(Number)
        .filter((id) => !model.isMember(viewer, id)),
      changes: Object.fromEntries(
        open
          .filter(({ id }) => model.isMember(viewer, id))
          .map(({ id, since, low = 0 }) => [id, changes(model.rooms.get(id)!, since, low)]),
      ),
      next_s: 60,
    }
  }

  function ownRows(since: number): Pick<SyncAnswer['own'], 'rows' | 'is_whole'> {
    const is_whole = since === 0 || since < (model.ownFloors.get(viewer) ?? 0)
    const rows = model.ownRows(viewer).filter((row) => (is_whole ? row.value !== null : row.own_version > since))
    return { rows, is_whole }
  }

  function renamedSince(version: number): Profile[] {
    return [...model.renamedAt].filter(([, at]) => at > version).map(([id]) => model.profile(id))
  }

  function head(digest: string | null): Answer {
    const rooms = model.roomsOf(viewer).map(({ room }) => [room.id, room.version] as const)
    const sum = rooms.reduce((total, [, version]) => total + version, 0)
    const { epoch, workspaceVersion } = model
    const userVersion = model.userVersion(viewer)
    if (digest === `${epoch}.${workspaceVersion}.${userVersion}.${sum}`) return { status: 204 }
    const body = { epoch, workspace_version: workspaceVersion, user_version: userVersion, rooms, next_s: 60 }
    return { status: 200, body }
  }

  type NewMessage = {
    client_message_id: string
    content?: string
    reply_to?: number
    forward?: { room_id: number; message_id: number }
  }

  function send(place: ModelRoom, body: NewMessage): Answer {
    const { client_message_id, content = '', reply_to = null, forward } = body
    const known = [...place.messages.values()].find((row) => row.client_message_id === client_message_id)
    const source = forward && model.rooms.get(forward.room_id)?.messages.get(forward.message_id)
    if (forward && (!source || source.deleted_at !== null)) return notFound
    const { room_id, id, user, created_at } = source ?? {}
    const said = source && (source.forwarded ?? { room_id, message_id: id, user, created_at })
    const more = { reply_to, forwarded: (said ?? null) as MessageRow['forwarded'] }
    const row = known ?? model.send(viewer, place.room.id, source?.content ?? content, client_message_id, more)
    return { status: known ? 200 : 201, body: { ...namedMessage(row), room: summary(place) } }
  }

  /** Something is done to a message. */
  function onMessage(place: ModelRoom, messageId: number, what: string, emoji: string, call: Call): Answer {
    const roomId = place.room.id
    const row = place.messages.get(messageId)
    const isOn = call.method === 'PUT'
    if (!model.isMember(viewer, roomId) || !row) return notFound
    const isRemoval = what === 'messages' && call.method === 'DELETE'
    if (row.deleted_at !== null && !isRemoval) return notFound
    if (what === 'reactions') return changed(react(model, { userId: viewer, roomId, messageId, emoji, isOn }))
    if (what === 'pins') return changed(setPin(model, { userId: viewer, roomId, messageId, isOn }))
    if (row.user.id !== viewer) return refusal(403, 'permission_denied')
    if (isRemoval) return changed(removeMessage(model, roomId, messageId))
    return changed(editMessage(model, roomId, messageId, (call.body as { content: string }).content))
  }

  /** The rows as they are read now. */
  function changed({ room, ...rows }: RowsChanged): Answer {
    const messages = rows.messages?.map(namedMessage)
    const body = { room: summary(model.rooms.get(room.id)!), ...rows, ...(messages && { messages }) }
    return { status: 200, body }
  }

  function inRoom(place: ModelRoom, action: string, { method, query, body }: Call): Answer {
    const { id } = place.room
    const isMember = model.isMember(viewer, id)
    if (action === 'join') {
      return isMember ? refusal(409, 'already_member') : { status: 200, body: model.join(viewer, id) }
    }
    if (!isMember) return notFound
    if (action === 'leave') return { status: 200, body: model.leave(viewer, id) }
    if (action === 'messages' && method === 'POST') {
      return send(place, body as NewMessage)
    }
    if (action === 'messages') return history(place, query)
    if (action === 'changes') {
      return { status: 200, body: changes(place, Number(query.get('since')), Number(query.get('low') ?? 0)) }
    }
    if (action === 'pins') return pins(place)
    if (action === 'members') return members(place, Number(query.get('page') ?? 1))
    const own = model.moveMarker(viewer, id, (body as { seq: number }).seq)
    const { read_seq, read_at_version, own_version, unread_mentions, mentions_version } = own
    const mentions = { unread_mentions, mentions_version }
    return { status: 200, body: { room_id: id, read_seq, read_at_version, user_version: own_version, ...mentions } }
  }

  return function answer(call: Call): Answer {
    const [, roomId, action] = /^\/api\/rooms\/(\d+)\/([a-z-]+)\/$/.exec(call.path) ?? []
    if (action !== undefined) {
      const place = model.rooms.get(Number(roomId))
      return place ? inRoom(place, action, call) : notFound
    }
    const [, ofRoom, what, messageId, emoji = ''] = onMessagePath.exec(call.path) ?? []
    if (what !== undefined) {
      const place = model.rooms.get(Number(ofRoom))
      const kind = emoji === '' ? what : 'reactions'
      return place ? onMessage(place, Number(messageId), kind, decodeURIComponent(emoji), call) : notFound
    }
    const [, ownKind, key] = /^\/api\/own\/([a-z]+)\/([^/]+)\/$/.exec(call.path) ?? []
    if (ownKind !== undefined && key !== undefined) {
      const value = call.method === 'PUT' ? (call.body as { value: unknown }).value : null
      return { status: 200, body: model.setOwnRow(viewer, ownKind, key, value) }
    }
    if (call.path === '/api/mentions/') return mentions(call.query)
    if (call.path === '/api/receipts/') {
      const { rooms } = call.body as ReceiptReport
      for (const [id, seq] of Object.entries(rooms))
        if (model.isMember(viewer, Number(id))) deliver(model, Number(id), viewer, seq)
      return { status: 200, body: {} }
    }
    if (call.path === '/api/sync/') return { status: 200, body: sync(call.body as SyncRequest) }
    if (call.path === '/api/sync/head/') return head(call.query.get('d'))
    if (call.path === '/api/csrf/') return { status: 200, body: {}, headers: { 'X-CSRFToken': 'token' } }
    if (call.path === '/api/me/') {
      return { status: 200, body: { ...model.user(viewer), settings: {}, role: 'member' } }
    }
    return notFound
  }
}

function refusal(status: number, code: ErrorCode): Answer {
  return { status, body: { detail: code, code } }
}
