import { z } from 'zod'
import { Member } from '../memberships/schema.ts'
import { AttachedRows, MessageRow } from '../messages/schema.ts'
import { Room } from '../rooms/schema.ts'

/**
 * All rows of a room that changed at `room.version`; what did not change is left out. The body of `rows_changed`, and the
 * answer to the request that made the change; a repeat, which changes nothing, is answered with the rows as they are.
 */
export const RowsChanged = z
  .object({ room: Room, messages: z.array(MessageRow), members: z.array(Member), ...AttachedRows.shape })
  .partial()
  .required({ room: true })
  .meta({ id: 'RowsChanged' })
export type RowsChanged = z.infer<typeof RowsChanged>
