import { errors, HubError } from './codes.ts'
import type { HistoryPublication, PresentClient } from './hub-types.ts'
import { type ClientInfo, Content, type Json, type Publication, RawJson } from './protocol.ts'

type Described = { tags?: Record<string, string> }

/** The payload as it goes through the hub. Throws a `HubError` when it is nothing that can be published. */
export function contentOf(data: unknown, { tags }: Described): Content {
  const payload = Buffer.isBuffer(data) ? data : jsonOf(data)
  if (payload === undefined) throw new HubError(errors.badRequest)
  return new Content(payload, { tags })
}

/** Undefined for what is no JSON value. Text that is given raw must be JSON; line feeds would split frames. */
export function jsonOf(data: unknown): Json | undefined {
  if (data instanceof RawJson) return data.text.replaceAll(/[\r\n]/g, ' ').trim()
  try {
    const text: string | undefined = JSON.stringify(data)
    return text
  } catch {
    // Circular, or a bigint: no JSON value either.
    return undefined
  }
}

export function present({ user, client, conn_info, chan_info }: ClientInfo): PresentClient {
  return {
    user,
    client,
    ...(conn_info !== undefined && { conn_info: JSON.parse(conn_info) as unknown }),
    ...(chan_info !== undefined && { chan_info: JSON.parse(chan_info) as unknown }),
  }
}

/** Bytes that are no JSON are presented as bytes. */
export function presentPublication({ offset, content: { json, bytes, info, tags } }: Publication): HistoryPublication {
  const data: unknown = json === undefined ? bytes : JSON.parse(json)
  return { data, offset, ...(info && { info: present(info) }), ...(tags && { tags }) }
}
