import type { KeptHistory } from '../hub-types.ts'
import { type ClientInfo, type Publication, RawJson } from '../protocol.ts'
import { writeJson } from './write-json.ts'

/** With all payloads and infos as they were given. */
export function presentHistory({ publications, epoch, offset }: KeptHistory): RawJson {
  return new RawJson(writeJson({ publications: publications.map(presentPublication), epoch, offset }))
}

export function presentPresence(clients: ReadonlyMap<string, ClientInfo>): RawJson {
  const presence = Object.fromEntries(Array.from(clients, ([id, info]) => [id, presentClient(info)]))
  return new RawJson(writeJson({ presence }))
}

/** Centrifugo has no answer at all where the payload is no JSON; here it is `b64data`. */
function presentPublication({ offset, content: { json, bytes, info, tags } }: Publication) {
  return {
    ...(json === undefined ? { b64data: bytes.toString('base64') } : { data: new RawJson(json) }),
    info: info && presentClient(info),
    offset: offset || undefined,
    tags,
  }
}

function presentClient({ user, client, conn_info, chan_info }: ClientInfo) {
  return { user, client, conn_info: rawOf(conn_info), chan_info: rawOf(chan_info) }
}

const rawOf = (text: string | undefined) => (text === undefined ? undefined : new RawJson(text))
