import type { Member, OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { AttachedRows, MessageRow } from '@grandchat/contracts/messages/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import type { Room } from '@grandchat/contracts/rooms/schema'
import type { ThreadRow } from '@grandchat/contracts/threads/schema'
import type { Me } from '@grandchat/contracts/sessions/schema'
import type { Profile } from '@grandchat/contracts/users/profile'
import type { Mentions } from '../mentions/known.ts'

/**
 * What this client knows, kept for the next time. All of it is one person's, and of one lineage: of clients that began
 * with what others of them had kept. So whatever `state` vouches for is there, whoever of them wrote it.
 */
export type CacheRecords = {
  /** One record. */
  state: CachedState
  /** Rooms that the viewer is in, and traces of those they left. */
  rooms: CachedRoom
  /** People whose names changed since the lineage began. */
  names: CachedName
  windows: CachedWindow
  /** The viewer's own rows, with traces of those that were taken away. */
  ownRows: CachedOwnRow
  /** Threads that the viewer follows. */
  threads: CachedThread
  threadWindows: CachedThreadWindow
}

export type CachedState = {
  id: 0
  /** Of the code that wrote it: what another wrote is not read. */
  schema: number
  lineage: string
  me: Me
  epoch: string
  user_version: number
  workspace_version: number
  /** When it was last written, by this device's clock. */
  saved_at: number
  /** Rooms whose windows are kept, those longest out of use first. */
  recent: readonly number[]
  /** Threads whose windows are kept, likewise. */
  recentThreads: readonly number[]
}

export type CachedRoom = {
  id: number
  room: Room | undefined
  own: OwnMembership
  marker: ReadMarker | undefined
  ownMessage: { seq: number; version: number } | undefined
  mentions: Mentions
  /** The version up to which every own message and mention was seen. */
  seen: number
}

export type CachedName = { id: number; user: Profile; version: number }

/**
 * The newest messages of a room, from the id `low` on, with what hangs on them, and the version up to which every change
 * of them is known.
 */
export type CachedWindow = {
  id: number
  version: number
  low: number
  rows: readonly MessageRow[]
  /** Of a small room. */
  members?: readonly Member[] | undefined
} & { readonly [Kind in keyof AttachedRows]: readonly AttachedRows[Kind][number][] }

/** A followed thread; `messages`: that which it hangs from and its last, as far as they were seen. */
export type CachedThread = { id: number; room_id: number; row: ThreadRow; messages: readonly MessageRow[] }

/** The newest messages of a thread, by its id; `root`: the message that it hangs from, if it was seen. */
export type CachedThreadWindow = CachedWindow & { room_id: number; root?: MessageRow | undefined }

/** Its id names kind and key. */
export type CachedOwnRow = OwnRow & { id: string }

export type CacheStoreName = keyof CacheRecords
export const cacheStoreNames: readonly CacheStoreName[] = [
  'state',
  'rooms',
  'names',
  'windows',
  'ownRows',
  'threads',
  'threadWindows',
]

/** Steps of one transaction: all of them happen, or none. Nothing else may be waited for in between. */
export type CacheTransaction = {
  get: <Name extends CacheStoreName>(
    store: Name,
    id: CacheRecords[Name]['id'],
  ) => Promise<CacheRecords[Name] | undefined>
  getAll: <Name extends CacheStoreName>(store: Name) => Promise<CacheRecords[Name][]>
  put: <Name extends CacheStoreName>(store: Name, record: CacheRecords[Name]) => void
  delete: <Name extends CacheStoreName>(store: Name, id: CacheRecords[Name]['id']) => void
  clear: (store: CacheStoreName) => void
}

/** Where that is kept; shared by all tabs of a browser. It may reject, forget everything, or never answer. */
export type CacheStorage = {
  /** One transaction after another; resolves once it is written. `work` may be run again after a failure. */
  run: <T>(mode: 'readonly' | 'readwrite', work: (transaction: CacheTransaction) => Promise<T>) => Promise<T>
}
