import { type SqlBool, sql } from 'kysely'

/** Whether the member `m` lets others know what they have read: so unless they have said otherwise (own row `setting`). */
export const tellsReading = sql<SqlBool>`not exists (
  select 1 from own_rows own
  where own.user_id = m.user_id and own.kind = 'setting' and own.key = 'read_receipts' and own.value = '"off"'
)`
