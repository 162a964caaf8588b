import type { SessionState } from '@grandchat/client'
import { createOwnRows } from '../../client/own-rows/own-rows.ts'
import { createOwnState, type OwnState } from '../../client/own-rows/own-state.ts'
import { createEnvironment } from '../../client/environment.ts'
import { createSources } from '../../client/source.ts'
import type { Store } from './store.ts'

const idOf = (state: SessionState) => (state.status === 'signed_in' ? state.me.id : undefined)

/** What people keep for themselves, as the client does it, on a server that takes everything at once. */
export function createFakeOwnState(session: Store<SessionState>): OwnState {
  const report = (error: unknown) => {
    throw error
  }
  const ownRows = createOwnRows({ source: createSources(report), wishes: () => [], knownVersion: () => 0 })
  let version = 0
  const state = createOwnState({
    environment: createEnvironment({}),
    ownRows,
    keep: (wish) => ownRows.merge({ ...wish, own_version: ++version }),
  })
  let userId = idOf(session.get())
  session.subscribe(() => {
    const next = idOf(session.get())
    if (next === userId) return
    if (userId !== undefined) {
      state.stop()
      ownRows.reset()
    }
    userId = next
  })
  return state.methods
}
