import type { OwnMembership } from '@grandchat/contracts/memberships/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import { type Performers, performer } from '../actions/action.ts'
import { changeOwnMembership } from '../memberships/requests.ts'
import type { Request } from '../rest/request.ts'
import type { Rooms } from '../rooms/rooms.ts'
import type { OwnRows, Wish } from './own-rows.ts'
import { writeOwnRow } from './requests.ts'

type OwnPerformers = Pick<Performers, 'own_row' | 'schedule' | 'level' | 'muted'>

/** How the viewer's own state is written. */
export function createOwnPerformers(request: Request, ownRows: OwnRows, rooms: Rooms): OwnPerformers {
  const row = {
    send: (wish: Wish, how: { signal: AbortSignal; userId: number }) => writeOwnRow(request, wish, how),
    merge: (row: OwnRow) => ownRows.mergeWritten(row),
    onChange: ({ kind }: Wish) => ownRows.changed(kind),
  }
  const membership = <Body extends { room_id: number }>() =>
    performer<Body, OwnMembership>({
      send: ({ room_id, ...change }, how) => changeOwnMembership(request, room_id, change, how),
      merge: (row) => rooms.mergeOwn(row),
      onChange: ({ room_id }) => rooms.wishChanged(room_id),
    })
  return {
    own_row: performer(row),
    schedule: performer({ ...row, keepsRefused: () => true }),
    level: membership(),
    muted: membership(),
  }
}
