import type { Me } from '@grandchat/contracts/sessions/schema'
import type { Environment } from '../environment.ts'
import type { Windows } from '../messages/windows.ts'
import type { OwnRows } from '../own-rows/own-rows.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { Session } from '../session/session.ts'
import type { CacheStorage } from '../storage/cache-storage.ts'
import type { Engine } from '../sync/engine.ts'
import type { ThreadMemory } from '../threads/memory.ts'
import type { Directory } from '../users/directory.ts'
import { createKeeper } from './keeper.ts'
import type { Cached } from './read.ts'

export type RecallSetup = {
  environment: Environment
  storage: CacheStorage | undefined
  session: Session
  engine: Engine
  directory: Directory
  ownRows: OwnRows
  rooms: Rooms
  windows: () => Windows
  threads: () => ThreadMemory
  /** Who is signed in. */
  me: () => Me | undefined
}

export type Recall = ReturnType<typeof createRecall>

/** Lets a client begin with what an earlier one knew, and keeps what this one knows for the next. */
export function createRecall(setup: RecallSetup) {
  const { environment, storage, session, engine, directory, ownRows, rooms, windows, threads, me } = setup
  const keeper = createKeeper({ environment, storage, know })
  /** What is kept, until the one whose it is begins with it. */
  let cached: Cached | undefined
  let hasBooted = false

  function know() {
    const versions = engine.versions()
    const viewer = me()
    if (!viewer || !versions) return undefined
    const [entries, names] = [[...rooms.entries()], directory.list()]
    const kept = { ownRows: ownRows.list(), windows: windows().list(), ...threads().known() }
    return { me: viewer, ...versions, entries, names, ...kept }
  }

  function resume(known: Cached | undefined): boolean {
    cached = known
    if (known) session.resume(known.state.me)
    cached = undefined
    return known !== undefined
  }

  return {
    ...keeper,

    /** Begins as the one who was here before. If it takes long to know who that was, the server is asked meanwhile. */
    async boot(): Promise<void> {
      if (hasBooted) return session.start()
      hasBooted = true
      const reading = keeper.read().then(resume)
      if (!(await keeper.inTime(reading))) await session.start()
    },

    /** This person is here now. Returns whether they begin with what they knew; what another knew is removed. */
    begin(userId: number): boolean {
      if (!cached) {
        keeper.claim(userId)
        return false
      }
      keeper.adopt(cached)
      engine.restore(cached.state)
      directory.restore(cached.names)
      for (const { kind, key, value, own_version } of cached.ownRows) ownRows.merge({ kind, key, value, own_version })
      rooms.restore(cached.rooms)
      threads().restore(cached.threads)
      return true
    },
  }
}
