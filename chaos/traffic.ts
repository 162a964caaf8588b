import type { Membership } from '@grandchat/contracts/memberships/schema'
import type { MessageAdded } from '@grandchat/contracts/messages/schema'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import { type Happening, type History, canariesIn } from './history.ts'

export type Identity = { proc: string; user: number }

/** Answers after which a client may ask again: nothing is decided. */
const temporary = new Set([401, 403, 408, 425, 429])

/** Writes down everything that one client asks and receives. */
export class Traffic {
  #history: History
  #who: Identity
  #seen = new Set<string>()
  /** Rooms that this user ever left: from then on it matters when they receive something, each time. */
  #left = new Set<number>()

  constructor(history: History, who: Identity) {
    this.#history = history
    this.#who = who
  }

  /** `fetch` with cookies of its own. */
  fetchWith(cookie: () => string): typeof globalThis.fetch {
    return async (input, init = {}) => {
      const url = urlOf(input)
      const headers = new Headers(init.headers)
      if (cookie()) headers.set('cookie', cookie())
      const call = readCall(init.method ?? 'GET', url, init.body)
      if (call.f === 'join' || call.f === 'leave') this.#add({ f: call.f, type: 'invoke', room: call.room })
      try {
        const response = await fetch(url, { ...init, headers })
        const text = await response.text()
        this.received(text)
        this.#answered(call, response.status, text)
        if (odd.has(response.status)) this.#noteOdd(`${init.method ?? 'GET'} ${url.pathname}`, response.status, text)
        const hasBody = ![101, 204, 205, 304].includes(response.status)
        return new Response(hasBody ? text : null, response)
      } catch (error) {
        this.#unanswered(call)
        throw error
      }
    }
  }

  /** A WebSocket whose frames are looked through before anybody else sees them. */
  get WebSocket(): typeof globalThis.WebSocket {
    const receive = (data: unknown) => this.received(String(data))
    return class extends globalThis.WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols)
        this.addEventListener('message', ({ data }: MessageEvent<unknown>) => receive(data))
      }
    }
  }

  /** Bytes came, by whatever door. */
  received(bytes: string): void {
    for (const { canary, room } of canariesIn(bytes)) {
      if (this.#seen.has(canary) && !this.#left.has(room)) continue
      this.#seen.add(canary)
      this.#add({ f: 'receive', room, canary })
    }
  }

  #answered(call: Call, status: number, text: string): void {
    if (call.f === 'other') return
    if (status >= 500 || temporary.has(status)) return this.#unanswered(call)
    // Already a member, by a request that nobody heard of.
    if (status === 409) return this.#unanswered(call)
    if (status >= 400) {
      if (call.f !== 'read') this.#add({ ...about(call), type: 'fail' } as NewHappening)
      return
    }
    const body: unknown = JSON.parse(text)
    if (call.f === 'send') {
      const { id, seq, version } = body as MessageAdded
      this.#add({ f: 'send', type: 'ok', room: call.room, key: call.key, id, seq: seq ?? 0, version })
    } else if (call.f === 'read') {
      const { results } = body as { results: { id: number }[] }
      this.#add({ f: 'read', room: call.room, ids: results.map(({ id }) => id) })
    } else if (call.f === 'mark') {
      const { read_seq, user_version, read_at_version } = body as ReadMarker
      const known = { seq: read_seq, userVersion: user_version, atVersion: read_at_version }
      this.#add({ f: 'mark', type: 'ok', room: call.room, ...known })
    } else {
      if (call.f === 'leave') this.#left.add(call.room)
      this.#add({ f: call.f, type: 'ok', room: call.room, version: (body as Membership).room.version })
    }
  }

  #noteOdd(call: string, status: number, text: string): void {
    this.#history.add({ ...this.#who, f: 'odd', status, call, text: text.slice(0, 300) })
  }

  #unanswered(call: Call): void {
    if (call.f !== 'other' && call.f !== 'read') this.#add({ ...about(call), type: 'info' } as NewHappening)
  }

  #add(happening: NewHappening): void {
    this.#history.add({ ...this.#who, ...happening })
  }
}

/** Whoever is signed in stays so, and what the server cannot do now it says with 503. */
const odd = new Set([401, 500, 501, 502, 504])

export function urlOf(input: string | URL | Request): URL {
  return new URL(input instanceof Request ? input.url : input)
}

type Without<T> = T extends unknown ? Omit<T, keyof Identity> : never
type NewHappening = Without<Happening>

type Call =
  | { f: 'send'; room: number; key: string }
  | { f: 'join' | 'leave' | 'read'; room: number }
  | { f: 'mark'; room: number; seq: number }
  | { f: 'other' }

const about = (call: Exclude<Call, { f: 'other' }>) => call

function readCall(method: string, { pathname }: URL, body: unknown): Call {
  const [, id, what] = /^\/api\/rooms\/(\d+)\/(messages|join|leave|read-marker)\/$/.exec(pathname) ?? []
  const room = Number(id)
  const given = (typeof body === 'string' ? JSON.parse(body) : {}) as { client_message_id?: string; seq?: number }
  if (what === 'messages' && method === 'GET') return { f: 'read', room }
  if (what === 'messages') return { f: 'send', room, key: given.client_message_id ?? '' }
  if (what === 'join' || what === 'leave') return { f: what, room }
  return what === 'read-marker' ? { f: 'mark', room, seq: given.seq ?? 0 } : { f: 'other' }
}
