import { sql } from 'kysely'
import type { z } from 'zod'
import type { OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { SyncAnswer, SyncRequest } from '@grandchat/contracts/sync/schema'
import type { Database, OpenTransaction } from '../database/database.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { AppError } from '../errors.ts'
import { ownMembershipColumns } from '../memberships/present.ts'
import { readOwnRows } from '../own-rows/list.ts'
import { presentRoom, selectRooms } from '../rooms/present.ts'
import { readChangedThreads } from '../threads/changed.ts'
import { presentProfile, selectProfiles } from '../users/profiles.ts'
import { readChanges } from './changes.ts'
import { nextHeadSeconds } from './head.ts'

type Known = z.output<typeof SyncRequest>

/** People that one answer lists. */
const maxUsers = 1_000

/** Everything that differs from what a client knows: heads first, and what changed in the rooms that are on its screen. */
export function sync(db: Database, epoch: string, userId: number, request: Known): Promise<SyncAnswer> {
  const known = request.epoch === undefined || request.epoch === epoch ? request : knowsNothing
  return inSnapshot(db, async (tx) => {
    const versions = await readVersions(tx, userId)
    const { users, workspace_version } = await readPeople(tx, known, versions.workspace_version)
    const { rooms, gone } = await readRooms(tx, userId, known.rooms)
    return {
      epoch,
      user_version: versions.user_version,
      workspace_version,
      own: {
        memberships: await readOwn(
          tx,
          userId,
          known.user_version,
          rooms.map((room) => room.id),
        ),
        ...(await readOwnRows(tx, userId, known.user_version)),
      },
      workspace: { users },
      rooms,
      threads: await readChangedThreads(
        tx,
        userId,
        known.user_version,
        rooms.map(({ id }) => ({ id, since: known.rooms[id] ?? 0 })),
      ),
      gone,
      changes: await readOpen(tx, epoch, userId, known.open),
      next_s: nextHeadSeconds(),
    }
  })
}

const knowsNothing: Known = { user_version: 0, workspace_version: 0, rooms: {}, open: [] }

async function readVersions(tx: OpenTransaction, userId: number) {
  const { rows } = await sql<{ user_version: number; workspace_version: number }>`
    select u.version as user_version, w.version as workspace_version
    from users u, workspace w where u.id = ${userId}`.execute(tx)
  return rows[0]!
}

async function readRooms(tx: OpenTransaction, userId: number, known: Record<string, number>) {
  const heads = await tx
    .selectFrom('memberships')
    .innerJoin('rooms', 'rooms.id', 'memberships.room_id')
    .select(['rooms.id', 'rooms.version'])
    .where('memberships.user_id', '=', userId)
    .where('memberships.left_at', 'is', null)
    .execute()
  const own = new Set(heads.map((head) => String(head.id)))
  const differing = heads.filter((head) => known[head.id] !== head.version).map((head) => head.id)
  const rows = differing.length > 0 ? await selectRooms(tx).where('rooms.id', 'in', differing).execute() : []
  return {
    rooms: rows.map(presentRoom),
    gone: Object.keys(known)
      .filter((id) => !own.has(id))
      .map(Number),
  }
}

/** Own rows that changed, and those of all rooms that differ: an own message moves a marker without raising the user's version. */
function readOwn(tx: OpenTransaction, userId: number, since: number, roomIds: number[]): Promise<OwnMembership[]> {
  return tx
    .selectFrom('memberships')
    .select(ownMembershipColumns)
    .where('user_id', '=', userId)
    .where((eb) => {
      const changed = eb('own_version', '>', since)
      return roomIds.length > 0 ? eb.or([changed, eb('room_id', 'in', roomIds)]) : changed
    })
    .execute()
}

/**
 * People who changed since, as many as one answer lists: the version is the one up to which they are all of them. Who
 * starts from nothing (and so names no epoch) holds nothing to correct.
 */
async function readPeople(tx: OpenTransaction, { epoch, workspace_version: since }: Known, version: number) {
  if (epoch === undefined) return { users: [], workspace_version: version }
  const rows = await selectProfiles(tx)
    .select('workspace_version')
    .where('workspace_version', '>', since)
    .orderBy('workspace_version')
    .limit(maxUsers + 1)
    .execute()
  const users = rows.slice(0, maxUsers)
  const isCut = rows.length > users.length
  return { users: users.map(presentProfile), workspace_version: isCut ? users.at(-1)!.workspace_version : version }
}

/** Rooms that are no longer the caller's are left out; `gone` says so. */
async function readOpen(tx: OpenTransaction, epoch: string, userId: number, open: Known['open']) {
  const changes: SyncAnswer['changes'] = {}
  for (const cursor of open) {
    try {
      changes[cursor.id] = await readChanges(tx, epoch, userId, cursor)
    } catch (error) {
      if (!(error instanceof AppError && error.status === 404)) throw error
    }
  }
  return changes
}
