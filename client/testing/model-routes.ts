import type { ErrorCode } from '@grandchat/contracts/errors'
import type { Changes, SyncAnswer, SyncRequest } from '@grandchat/contracts/sync/schema'
import type { User } from '@grandchat/contracts/users/schema'
import type { MessageRow } from '@grandchat/contracts/messages/schema'
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

const noneAttached = { reactions: [], pins: [], threads: [] }

const notFound: Answer = refusal(404, 'not_found')

/** REST as one user gets it from the model, each answer from one snapshot, in bounds small enough to be reached. */
export function createRoutes(model: ModelServer, viewer: number, bounds: Bounds) {
  /** A message as a history page shows it now: people by their current names. */
  const named = <Row extends { user: User }>(row: Row): Row => ({ ...row, user: model.user(row.user.id) })
  const summary = ({ room }: ModelRoom) => ({ ...room, last_message: room.last_message && named(room.last_message) })

  function history(place: ModelRoom, query: URLSearchParams): Answer {
    const before = Number(query.get('before') ?? Number.POSITIVE_INFINITY)
    const rows = [...place.messages.values()].filter((row) => row.id < before).sort((a, b) => b.id - a.id)
    const { id, version, bumped_at } = place.room
    const results = rows.slice(0, bounds.pageRows).map((row) => ({ ...named(row), room: { id, version, bumped_at } }))
    return { status: 200, body: { results, version, more: rows.length > results.length, ...noneAttached } }
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
    const versions = [...messages, ...members].map((row) => row.version).sort((a, b) => a - b)
    const beyond = versions[bounds.changeRows]
    const to = beyond === undefined ? version : beyond - 1
    const isShown = (row: { version: number }) => row.version <= to
    return {
      epoch,
      room: summary(place),
      since,
      to,
      more: to < version,
      messages: messages.filter(isShown).map(named),
      ...noneAttached,
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
          .ownRows(viewer)
          .filter((row) => (row.own_version > user_version && user_version > 0) || listed.has(row.room_id)),
        rows: [],
        is_whole: user_version === 0,
      },
      workspace: { users: request.epoch === undefined || !isKnown ? [] : renamedSince(workspace_version) },
      rooms,
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

  function renamedSince(version: number): User[] {
    return [...model.renamedAt].filter(([, at]) => at > version).map(([id]) => model.user(id))
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

  function send(place: ModelRoom, body: { content: string; client_message_id: string }): Answer {
    const known = [...place.messages.values()].find((row) => row.client_message_id === body.client_message_id)
    const row: MessageRow = known ?? model.send(viewer, place.room.id, body.content, body.client_message_id)
    return { status: known ? 200 : 201, body: { ...named(row), room: summary(place) } }
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
      return send(place, body as { content: string; client_message_id: string })
    }
    if (action === 'messages') return history(place, query)
    if (action === 'changes') {
      return { status: 200, body: changes(place, Number(query.get('since')), Number(query.get('low') ?? 0)) }
    }
    if (action === 'members') return members(place, Number(query.get('page') ?? 1))
    const { read_seq, read_at_version, own_version } = model.moveMarker(viewer, id, (body as { seq: number }).seq)
    return { status: 200, body: { room_id: id, read_seq, read_at_version, user_version: own_version } }
  }

  return function answer(call: Call): Answer {
    const [, roomId, action] = /^\/api\/rooms\/(\d+)\/([a-z-]+)\/$/.exec(call.path) ?? []
    if (action !== undefined) {
      const place = model.rooms.get(Number(roomId))
      return place ? inRoom(place, action, call) : notFound
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
