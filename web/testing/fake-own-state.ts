import { createOwnRows } from '../../client/own-rows/own-rows.ts'
import { createOwnState, type OwnState } from '../../client/own-rows/own-state.ts'
import { createEnvironment } from '../../client/environment.ts'
import { createSources } from '../../client/source.ts'

/** What people keep for themselves, as the client does it, on a server that takes everything at once. */
export function createFakeOwnState(): OwnState {
  const report = (error: unknown) => {
    throw error
  }
  const ownRows = createOwnRows({ source: createSources(report), wishes: () => [], knownVersion: () => 0 })
  let version = 0
  return createOwnState({
    environment: createEnvironment({}),
    ownRows,
    keep: (wish) => ownRows.merge({ ...wish, own_version: ++version }),
  }).methods
}
