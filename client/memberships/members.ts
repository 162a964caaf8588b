import type { Member } from '@grandchat/contracts/memberships/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import { backoff, jitter } from '../backoff.ts'
import type { MemberList } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'
import type { RoomChange } from '../sync/change.ts'
import { momentMs } from '../sync/moment.ts'
import { type Stream, createStream } from '../sync/stream.ts'
import { type Timer, createTimer } from '../timer.ts'
import type { Directory } from '../users/directory.ts'

/** The members of one room while they are shown: rows by user, and the room's version up to which they are known. */
type Roster = {
  openings: number
  status: MemberList['status']
  rows: Map<number, Member>
  stream: Stream
  isFetching: boolean
  failures: number
  retry: Timer
}

export type MembersSetup = {
  environment: Environment
  source: MakeSource
  directory: Directory
  fetchMembers: (roomId: number) => Promise<readonly Member[]>
  head: (roomId: number) => number
  canLoad: (roomId: number) => boolean
}

export type Members = ReturnType<typeof createMembers>

export function createMembers(setup: MembersSetup) {
  const { environment, source, directory, head } = setup
  const rosters = new Map<number, Roster>()
  const lists = new Map<number, Source<MemberList>>()

  function list(roomId: number): Source<MemberList> {
    const known = lists.get(roomId)
    if (known) return known
    const made = source(() => present(rosters.get(roomId)))
    lists.set(roomId, made)
    return made
  }

  function present(roster: Roster | undefined): MemberList {
    const rows = [...(roster?.rows.values() ?? [])].filter((row) => row.left_at === null)
    return { status: roster?.status ?? 'loading', members: rows.sort(bySeniority).map(directory.withNames) }
  }

  function rosterOf(roomId: number): Roster {
    const known = rosters.get(roomId)
    if (known) return known
    const roster: Roster = {
      openings: 0,
      status: 'loading',
      rows: new Map(),
      stream: createStream(),
      isFetching: false,
      failures: 0,
      retry: createTimer(environment, () => attend(roomId)),
    }
    rosters.set(roomId, roster)
    return roster
  }

  function needsFetch(roomId: number, roster: Roster) {
    return roster.status !== 'ready' || roster.stream.version < head(roomId)
  }

  function attend(roomId: number) {
    const roster = rosters.get(roomId)
    if (!roster || roster.isFetching || !needsFetch(roomId, roster) || !setup.canLoad(roomId)) return
    void fetchList(roomId, roster)
  }

  async function fetchList(roomId: number, roster: Roster) {
    roster.isFetching = true
    // Whatever is answered was read later than this version.
    const version = head(roomId)
    try {
      const members = await setup.fetchMembers(roomId)
      for (const [userId, row] of roster.rows) if (row.version <= version) roster.rows.delete(userId)
      merge(roster, members)
      roster.stream.reach(version)
      roster.status = 'ready'
      roster.failures = 0
    } catch {
      roster.failures++
      if (roster.status === 'loading') roster.status = 'error'
    }
    roster.isFetching = false
    if (rosters.get(roomId) !== roster) return
    list(roomId).changed()
    if (roster.failures > 0) roster.retry.reset(backoff(environment, roster.failures))
    else check(roomId, roster)
  }

  function check(roomId: number, roster: Roster) {
    if (needsFetch(roomId, roster)) roster.retry.soon(jitter(environment, momentMs))
  }

  function forget(roomId: number) {
    rosters.get(roomId)?.retry.cancel()
    rosters.delete(roomId)
    list(roomId).changed()
  }

  /** The viewer is no member any more, or everything is to be read anew. */
  function drop(roomId: number) {
    const roster = rosters.get(roomId)
    if (!roster) return
    forget(roomId)
    rosterOf(roomId).openings = roster.openings
  }

  return {
    attend,
    list: (roomId: number): Observable<MemberList> => list(roomId),
    attendAll() {
      for (const roomId of rosters.keys()) attend(roomId)
    },

    open(roomId: number): () => void {
      const roster = rosterOf(roomId)
      roster.openings++
      attend(roomId)
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        const current = rosters.get(roomId)
        if (current && --current.openings === 0) forget(roomId)
      }
    },

    receive(change: RoomChange) {
      const roster = rosters.get(change.room_id)
      if (!roster) return
      roster.stream.arrive(change.version)
      if (merge(roster, change.members)) list(change.room_id).changed()
      check(change.room_id, roster)
    },

    noteHead(roomId: number) {
      const roster = rosters.get(roomId)
      if (roster) check(roomId, roster)
    },

    /** Rows that a repair of the room brought; it may have begun later than the list is known. */
    mergeChanges({ room, since, to, members }: RoomChanges) {
      const roster = rosters.get(room.id)
      if (!roster || members === null) return
      if (merge(roster, members)) list(room.id).changed()
      if (roster.status === 'ready' && since <= roster.stream.version) roster.stream.reach(to)
    },

    drop,

    reset() {
      for (const roomId of Array.from(rosters.keys())) drop(roomId)
    },

    namesChanged() {
      for (const roomId of rosters.keys()) list(roomId).changed()
    },
  }
}

/** Of two rows the one of the higher version is right; returns whether anything changed. */
function merge(roster: Roster, rows: readonly Member[]): boolean {
  let isChanged = false
  for (const row of rows) {
    const known = roster.rows.get(row.user.id)
    if (known && known.version >= row.version) continue
    roster.rows.set(row.user.id, row)
    isChanged = true
  }
  return isChanged
}

function bySeniority(a: Member, b: Member): number {
  return a.joined_at === b.joined_at ? a.user.id - b.user.id : a.joined_at < b.joined_at ? -1 : 1
}
