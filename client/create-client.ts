import { channels } from '@grandchat/contracts/realtime/channels'
import type { OwnMembershipChange } from '@grandchat/contracts/memberships/schema'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import type { Tokens } from '@grandchat/contracts/realtime/schema'
import type { Me } from '@grandchat/contracts/sessions/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import type { Profiles } from '@grandchat/contracts/users/profile'
import type { Client, SessionState } from './client.ts'
import { type Environment, createEnvironment } from './environment.ts'
import { jitter } from './backoff.ts'
import { createRecall } from './cache/recall.ts'
import { createConversations } from './conversations.ts'
import { createMembers } from './memberships/members.ts'
import { fetchMembers } from './memberships/requests.ts'
import { type Wish, createOwnRows } from './own-rows/own-rows.ts'
import { createOwnState } from './own-rows/own-state.ts'
import { createOwnPerformers } from './own-rows/performers.ts'
import { createPeople } from './people.ts'
import { createReadMarkers } from './read-markers/read-markers.ts'
import { createMarks, createReceiptMethods } from './receipts/marks.ts'
import { createReporter } from './receipts/reporter.ts'
import { createLargeRooms } from './realtime/large-rooms.ts'
import { connect as connectBySocket, prepareToConnect } from './realtime/connect.ts'
import type { Realtime, RealtimeSetup } from './realtime/realtime.ts'
import { createTokenSource } from './realtime/tokens.ts'
import { type Request, createRequest } from './rest/request.ts'
import { createRooms } from './rooms/rooms.ts'
import { createSearch } from './search/search.ts'
import { createSession } from './session/session.ts'
import { createSources } from './source.ts'
import { createMemoryStorage } from './storage/memory.ts'
import type { ClientStorage } from './storage/storage.ts'
import { createConnection } from './sync/connection.ts'
import { createEngine } from './sync/engine.ts'
import type { Follower } from './sync/follower.ts'
import { createLanes } from './sync/lanes.ts'
import { createPulse } from './sync/pulse.ts'
import { fetchHead, fetchSync } from './sync/requests.ts'
import { createDirectory } from './users/directory.ts'
import { createProfiles } from './users/profiles.ts'
import { createMethods } from './methods.ts'
import { createTimer } from './timer.ts'

export type ClientOptions = Partial<Environment> & {
  /** Where the server is, such as `https://chat.example.org`; the page's own origin by default. */
  baseUrl?: string
  storage?: ClientStorage
  /** How publications come: by the SDK, unless a test or a bot has a way of its own. */
  connect?: (setup: RealtimeSetup) => Realtime
}

/** Longer than a socket needs; then the client looks without one. */
const socketWaitMs = 2_000
/** When it is asked anew who is signed in, after going on as the one who was here before: names and roles change. */
const meAgainMs = 30_000

/** Makes the parts and introduces them to each other; nothing is requested before `session.start()`. */
export function createClient(options: ClientOptions = {}): Client {
  const { baseUrl = '', storage = createMemoryStorage(), connect = connectBySocket, ...overrides } = options
  const base = baseUrl.replace(/\/+$/, '')
  const environment = createEnvironment(overrides)
  if (connect === connectBySocket && environment.WebSocket) prepareToConnect()
  const source = createSources(environment.report)
  const directory = createDirectory()
  const ownRows = createOwnRows({
    source,
    wishes,
    knownVersion: () => engine.versions()?.user_version ?? 0,
  })
  const ownState = createOwnState({ environment, ownRows, keep })
  const lanes = createLanes()
  let me: Me | undefined
  let realtime: Realtime | undefined
  let isLive = false
  let presence = new AbortController()

  const request = createRequest({ environment, baseUrl: base, onSignedOut: () => session.verify() })
  /** In the name of the one who is signed in, and given up when they are no longer. */
  const ownRequest: Request = (method, path, options = {}) =>
    request(method, path, { ...options, signal: options.signal ?? presence.signal, userId: me?.id })
  const session = createSession({
    environment,
    source,
    request,
    onChange: onSession,
    onLeave: () => conversations.forget(),
  })
  const connection = createConnection(environment, source)
  const rooms = createRooms({
    source,
    directory,
    viewerId: () => me?.id,
    wishOf,
    onMembership,
    onHead,
    onSummary(roomId) {
      largeRooms.check(roomId)
      people.check(roomId)
      reporter.note(roomId)
      marks.changed(roomId)
    },
    onUnsure: (roomId) => engine.suspect(roomId),
    onReady,
  })
  // Names are followed from the first sync on: what was read before it could keep an old one.
  const canLoad = (roomId: number) => me !== undefined && engine.hasSynced() && rooms.isMember(roomId)

  const conversations = createConversations({
    environment,
    source,
    storage,
    lanes,
    directory,
    rooms,
    engine: () => engine,
    recall: () => recall,
    me: () => me,
    canLoad,
    request,
    ownRequest,
    ownRows,
    ownPerformers: createOwnPerformers(request, ownRows, rooms),
    onRepair,
    onWindow: (roomId) => marks.changed(roomId),
    onForgotten: session.verify,
  })
  const marks = createMarks({ source, rooms, directory, windows: () => windows })
  const reporter = createReporter({
    environment,
    rooms,
    post: (report) => ownRequest('POST', '/api/receipts/', { body: report }),
  })
  const { windows, timelines } = conversations
  const members = createMembers({
    environment,
    source,
    directory,
    canLoad,
    head: (roomId) => rooms.head(roomId),
    memberCount: (roomId) => rooms.entry(roomId)?.room?.member_count,
    fetchMembers: (roomId) => fetchMembers(ownRequest, roomId),
  })
  /** Beside windows, what follows the events of rooms. */
  const followers = (): readonly Follower[] => [
    members,
    conversations.beside,
    conversations.pins,
    conversations.threads,
    conversations.followed,
    conversations.mentions,
  ]
  const readMarkers = createReadMarkers({
    environment,
    rooms,
    put: (roomId, seq) => ownRequest<ReadMarker>('PUT', `/api/rooms/${roomId}/read-marker/`, { body: { seq } }),
  })
  const engine = createEngine({
    environment,
    lanes,
    rooms,
    windows,
    followers: followers(),
    directory,
    ownRows,
    fetchSync: (known) => fetchSync(ownRequest, known),
    fetchHead: (digest) => fetchHead(ownRequest, digest),
    isLive: () => isLive,
    viewerId: () => me?.id,
    onOwnMessage: (row) => conversations.confirm(row),
    onNames,
    onThreads: (threads) => conversations.followed.merge(threads),
    onInterval: (seconds) => pulse.setInterval(seconds),
    onChange: () => recall.touch(),
    onForgotten() {
      recall.clear()
      profiles.reset()
      profiles.wake()
    },
  })
  const pulse = createPulse({
    environment,
    isLive: () => isLive,
    isFirst: () => !engine.hasSynced(),
    beat: engine.look,
    onReach(reach) {
      connection.setReach(reach)
      if (reach === 'failed' && !engine.hasSynced()) rooms.setStatus('error')
      if (reach === 'ok') conversations.wake()
    },
  })
  const largeRooms = createLargeRooms({
    rooms,
    isOpen: (roomId) => (windows.get(roomId)?.openings ?? 0) > 0,
    listenTo: (roomChannels) => realtime?.listenTo(roomChannels),
  })
  const profiles = createProfiles({
    environment,
    source,
    directory,
    canLoad: () => me !== undefined && engine.hasSynced(),
    fetchProfiles: (ids) => ownRequest<Profiles>('GET', '/api/profiles/', { query: { users: ids.join(',') } }),
    onNames,
  })
  const people = createPeople({
    environment,
    source,
    directory,
    rooms,
    viewerId: () => me?.id,
    realtime: () => realtime,
    ownRequest,
  })
  const recall = createRecall({
    environment,
    storage: storage.cache,
    session,
    engine,
    directory,
    ownRows,
    rooms,
    windows: () => windows,
    threads: () => conversations.threadMemory,
    me: () => me,
  })
  const meAgain = createTimer(environment, session.verify)
  const unlisten = [environment.onSignal(onSignal), environment.onHide(onHide)]
  function onSession(state: SessionState) {
    const next = state.status === 'signed_in' ? state.me : undefined
    if (state.status === 'signed_out' || state.status === 'set_up') recall.clear()
    if (next?.id === me?.id) {
      me = next
      recall.touch()
      return
    }
    stop()
    me = next
    timelines.forgetDividers()
    if (next) start(next)
  }

  function start(next: Me) {
    const { id } = next
    const isResumed = recall.begin(id)
    reporter.resume()
    conversations.start(next)
    if (environment.WebSocket) realtime = connectAs(id)
    else connection.setSocket('down')
    // With something on screen there is time to subscribe first: then one sync is enough.
    pulse.start(isResumed && realtime ? socketWaitMs : 0)
    if (isResumed) meAgain.reset(jitter(environment, meAgainMs))
    windows.attendAll()
    for (const follower of followers()) follower.attendAll()
    people.start()
  }

  function onHide() {
    ownState.flush()
    void recall.save()
  }

  function keep(wish: Wish) {
    const { actions } = conversations
    if (wish.kind === 'scheduled') actions.add({ kind: 'schedule', lane: 'own', key: wish.key, body: wish })
    else actions.add({ kind: 'own_row', lane: 'own', key: `${wish.kind} ${wish.key}`, body: wish })
  }

  /** What is to be written of the viewer's own state, with why it was not taken. */
  function wishes(): Wish[] {
    const { actions } = conversations
    const scheduled = actions.of('schedule').map(({ body, failure }): Wish => {
      if (!body.value || !failure || failure.code === 'network') return body
      return { ...body, value: { ...body.value, failure: failure.code } }
    })
    return [...actions.of('own_row').map(({ body }) => body), ...scheduled]
  }

  function wishOf(roomId: number): OwnMembershipChange {
    const { actions } = conversations
    const wanted: OwnMembershipChange = {}
    for (const { body } of actions.of('level')) if (body.room_id === roomId) wanted.level = body.level
    for (const { body } of actions.of('muted')) if (body.room_id === roomId) wanted.muted = body.muted
    return wanted
  }

  function onSignal() {
    connection.changed()
    people.looked()
    if (!environment.isOnline()) return
    if (environment.isVisible()) conversations.takeTurn()
    else conversations.wake()
  }

  function stop() {
    presence.abort()
    presence = new AbortController()
    people.stop()
    realtime?.close()
    realtime = undefined
    largeRooms.stop()
    recall.stop()
    meAgain.cancel()
    isLive = false
    me = undefined
    pulse.stop()
    conversations.stop()
    readMarkers.stop()
    reporter.stop()
    ownState.stop()
    engine.stop()
    profiles.reset()
    connection.setSocket('starting')
    connection.setReach('unknown')
  }

  function connectAs(userId: number) {
    return connect({
      environment,
      url: webSocketUrl(base),
      channels: [channels.personal(userId), channels.workspace],
      roomChannels: largeRooms.channels(),
      tokens: createTokenSource(environment, (wanted) =>
        ownRequest<Tokens>('POST', '/api/token/', { body: { channels: wanted } }),
      ),
      onEvent: (event) => engine.receive(event),
      onMissed: () => void engine.sync().catch(engine.suspect),
      onSocket,
    })
  }

  function onSocket(state: 'up' | 'down') {
    isLive = state === 'up'
    if (isLive) reporter.connected()
    else {
      engine.disconnected()
      reporter.disconnected()
    }
    connection.setSocket(state)
    pulse.liveChanged()
    if (isLive) conversations.wake()
  }

  function onMembership(roomId: number) {
    largeRooms.check(roomId)
    people.check(roomId)
    if (rooms.isMember(roomId)) {
      windows.attend(roomId)
      for (const follower of followers()) follower.attend(roomId)
    } else {
      windows.drop(roomId)
      for (const follower of followers()) follower.drop(roomId)
    }
    timelines.changed(roomId)
    marks.changed(roomId)
  }

  /** Dividers of new messages are set where the reader was before what they have marked here since. */
  function onReady() {
    timelines.changedAll()
    profiles.wake()
    queueMicrotask(() => readMarkers.markEarly())
  }

  function onHead(roomId: number) {
    windows.noteHead(roomId)
    for (const follower of followers()) follower.noteHead(roomId)
  }

  function onNames() {
    rooms.namesChanged()
    members.namesChanged()
    people.namesChanged()
    conversations.namesChanged()
    marks.changedAll()
    profiles.changed()
    verifyOwnName()
  }

  /** Changed on another device of theirs. */
  function verifyOwnName() {
    const now = me && directory.get(me.id)
    if (now && (now.display_name !== me?.display_name || (now.avatar ?? null) !== (me.avatar ?? null))) session.verify()
  }

  function onProfiles({ workspace_version, users }: Profiles) {
    directory.merge(users, workspace_version)
    onNames()
    recall.touch()
  }

  function onRepair(changes: RoomChanges, lowSeq: number) {
    rooms.mergeReadRoom(changes.room)
    conversations.ownMessages.noteRepair(changes, lowSeq)
    members.mergeChanges(changes)
  }

  const methods = createMethods({
    rooms,
    conversations,
    members,
    readMarkers,
    engine,
    request,
    ownRequest,
    onOpened(roomId) {
      largeRooms.check(roomId)
      return people.open(roomId)
    },
    onGlance: (roomId) => largeRooms.check(roomId),
    search: createSearch({ rooms, windows, storage: storage.cache, viewerId: () => me?.id, request: ownRequest }),
    people,
    profiles,
    onProfiles,
    onSignedIn: session.start,
  })
  return {
    ...methods,
    ...ownState.methods,
    ...createReceiptMethods(marks, ownRequest),
    session: { ...session, start: () => recall.boot() },
    connection: connection.state,
    close() {
      stop()
      session.close()
      unlisten.forEach((end) => end())
    },
  }
}

/** The SDK wants an absolute address. */
function webSocketUrl(base: string): string {
  const url = new URL(`${base}/connection/websocket`, globalThis.location?.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}
