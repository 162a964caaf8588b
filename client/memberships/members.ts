import type { Member } from '@grandchat/contracts/memberships/schema'
import type { RoomChanges } from '@grandchat/contracts/sync/schema'
import { backoff } from '../backoff.ts'
import type { MemberList } from '../client.ts'
import type { Environment } from '../environment.ts'
import type { Observable } from '../observable.ts'
import type { MakeSource, Source } from '../source.ts'
import type { RoomChange } from '../sync/change.ts'
import { momentMs, momentOf } from '../sync/moment.ts'
import { type Stream, createStream } from '../sync/stream.ts'
import { type Timer, createTimer } from '../timer.ts'
import type { Directory } from '../users/directory.ts'
import type { FetchedMembers } from './requests.ts'

/** So often a list of several pages is read again because people came or went meanwhile; then what was found adds up. */
const maxDisturbances = 5

/** The members of one room while they are shown: rows by user, and the room's version up to which they are known. */
type Roster = {
  openings: number
  status: MemberList['status']
  rows: Map<number, Member>
  stream: Stream
  isFetching: boolean
  /** Someone came or went since the list under way was asked for. */
  isDisturbed: boolean
  disturbances: number
  failures: number
  retry: Timer
}

export type MembersSetup = {
  environment: Environment
  source: MakeSource
  directory: Directory
  fetchMembers: (roomId: number) => Promise<FetchedMembers>
  head: (roomId: number) => number
  memberCount: (roomId: number) => number | undefined
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
      isDisturbed: false,
      disturbances: 0,
      failures: 0,
      retry: createTimer(environment, () => attend(roomId)),
    }
    rosters.set(roomId, roster)
    return roster
  }

  function needsFetch(roomId: number, roster: Roster) {
    return roster.status !== 'ready' || roster.disturbances > 0 || roster.stream.version < head(roomId)
  }

  function attend(roomId: number) {
    const roster = rosters.get(roomId)
    if (!roster || roster.isFetching || !needsFetch(roomId, roster) || !setup.canLoad(roomId)) return
    void fetchList(roomId, roster)
  }

  async function fetchList(roomId: number, roster: Roster) {
    roster.isFetching = true
    roster.isDisturbed = false
    // Whatever is answered was read later than this version.
    const version = head(roomId)
    try {
      const fetched = await setup.fetchMembers(roomId)
      take(roster, fetched, version)
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
    else if (roster.disturbances > 0) roster.retry.reset(backoff(environment, roster.disturbances, momentMs))
    else check(roomId, roster)
  }

  /** Did people come or go while the pages were read? Those beyond may then have moved to a page that was read before. */
  function isTorn(roster: Roster, { members, pages, isCountRight }: FetchedMembers, version: number): boolean {
    if (pages === 1) return false
    return roster.isDisturbed || !isCountRight || members.some((row) => row.version > version)
  }

  function take(roster: Roster, fetched: FetchedMembers, version: number) {
    if (!isTorn(roster, fetched, version)) {
      // Who is not in the list is no member, as far as this version tells.
      for (const [userId, row] of roster.rows) if (row.version <= version) roster.rows.delete(userId)
      roster.disturbances = 0
    } else if (roster.disturbances < maxDisturbances) roster.disturbances++
    else roster.disturbances = 0
    merge(roster, fetched.members)
    if (roster.disturbances === 0) roster.stream.reach(version)
  }

  function check(roomId: number, roster: Roster) {
    // A list that was disturbed has its time set.
    if (roster.disturbances === 0 && needsFetch(roomId, roster))
      roster.retry.soon(momentOf(environment, setup.memberCount(roomId)))
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
      if (arrive(roster, change.members)) list(change.room_id).changed()
      check(change.room_id, roster)
    },

    noteHead(roomId: number) {
      const roster = rosters.get(roomId)
      if (roster) check(roomId, roster)
    },

    /** Rows of an answer: it moves nobody's version. */
    mergeRows(roomId: number, rows: readonly Member[]) {
      const roster = rosters.get(roomId)
      if (roster && arrive(roster, rows)) list(roomId).changed()
    },

    /** Rows that a repair of the room brought; it may have begun later than the list is known. */
    mergeChanges({ room, since, to, members }: RoomChanges) {
      const roster = rosters.get(room.id)
      if (!roster || members === null) return
      if (arrive(roster, members)) list(room.id).changed()
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

/** Rows that came by themselves. */
function arrive(roster: Roster, rows: readonly Member[]): boolean {
  const isNews = merge(roster, rows)
  if (isNews) roster.isDisturbed = true
  return isNews
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
