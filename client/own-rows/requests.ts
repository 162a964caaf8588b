import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { How } from '../messages/requests.ts'
import type { Request } from '../rest/request.ts'
import type { Wish } from './own-rows.ts'

/** Writes a row, or takes it away. */
export function writeOwnRow(request: Request, { kind, key, value }: Wish, how: How): Promise<OwnRow> {
  const path = `/api/own/${kind}/${key}/`
  return value === null
    ? request<OwnRow>('DELETE', path, how)
    : request<OwnRow>('PUT', path, { body: { value }, ...how })
}
