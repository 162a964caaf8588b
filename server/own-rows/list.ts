import type { SyncAnswer } from '@grandchat/contracts/sync/schema'
import type { OpenTransaction } from '../database/database.ts'
import { ownRowColumns } from './write.ts'

/** What changed in a user's own rows since a version; all that there are, if traces of what went are no longer kept. */
export async function readOwnRows(
  tx: OpenTransaction,
  userId: number,
  since: number,
): Promise<Pick<SyncAnswer['own'], 'rows' | 'is_whole'>> {
  const { own_rows_floor: floor } = await tx
    .selectFrom('users')
    .select('own_rows_floor')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
  const isWhole = since === 0 || since < floor
  const query = tx.selectFrom('own_rows').select(ownRowColumns).where('user_id', '=', userId)
  const rows = await (isWhole ? query.where('value', 'is not', null) : query.where('own_version', '>', since))
    .orderBy('own_version')
    .execute()
  return { rows, is_whole: isWhole }
}
