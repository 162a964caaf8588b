import { type ClientInfo, type Publication, RawJson } from '../protocol.ts'

/** Centrifugo has no answer at all where the payload is no JSON; here it is `b64data`. */
export function presentPublication({ offset, content: { json, bytes, info, tags } }: Publication) {
  return {
    ...(json === undefined ? { b64data: bytes.toString('base64') } : { data: new RawJson(json) }),
    info: info && presentClient(info),
    offset: offset || undefined,
    tags,
  }
}

export function presentClient({ user, client, conn_info, chan_info }: ClientInfo) {
  return { user, client, conn_info: rawOf(conn_info), chan_info: rawOf(chan_info) }
}

const rawOf = (text: string | undefined) => (text === undefined ? undefined : new RawJson(text))
