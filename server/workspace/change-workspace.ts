import type { Profile, Profiles } from '@grandchat/contracts/users/profile'
import type { Database, OpenTransaction } from '../database/database.ts'
import type { Announcer } from '../realtime/announcer.ts'
import type { Lanes } from '../rooms/lanes.ts'

export type WorkspaceChanger = { db: Database; lanes: Lanes; announcer: Announcer }

/** No room has this id: changes of the workspace have a lane of their own. */
const workspaceLane = 0

/**
 * Every change that all people are told of goes through here: in one lane, under the lock of the workspace's row, which
 * comes before those of users. `change` is given the version that it makes, and returns the people whom it changed; where
 * it changed none (`isSame`), nothing is raised and nobody is told.
 */
export function changeWorkspace(
  { db, lanes, announcer }: WorkspaceChanger,
  change: (tx: OpenTransaction, version: number) => Promise<{ users: Profile[]; isSame: boolean }>,
): Promise<Profiles> {
  return lanes.run(workspaceLane, () =>
    announcer.within(db, async (tx, announce) => {
      const { version } = await tx.selectFrom('workspace').select('version').forNoKeyUpdate().executeTakeFirstOrThrow()
      const { users, isSame } = await change(tx, version + 1)
      if (isSame) return { workspace_version: version, users }
      const body = { workspace_version: version + 1, users }
      await tx.updateTable('workspace').set({ version: body.workspace_version }).execute()
      await announce([
        {
          stream: 'workspace',
          roomId: null,
          version: body.workspace_version,
          event: { type: 'workspace_changed', body },
        },
      ])
      return body
    }),
  )
}
