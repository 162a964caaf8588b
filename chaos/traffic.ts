import type { Membership } from '@grandchat/contracts/memberships/schema'
import type { MessageAdded } from '@grandchat/contracts/messages/schema'
import type { OwnRow } from '@grandchat/contracts/own-rows/schema'
import type { ReadMarker } from '@grandchat/contracts/read-markers/schema'
import { isUndecided, type Call, readCall, versionOf } from './call.ts'
import { type Happening, type History, canariesIn } from './history.ts'

export type Identity = { proc: string; user: number }

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
      const method = init.method ?? 'GET'
      const call = readCall(method, url, init.body)
      const since = this.#history.entries.length
      this.#asked(call)
      try {
        const response = await fetch(url, { ...init, headers })
        const text = await response.text()
        this.received(text)
        this.#answered(call, response.status, text)
        if (method === 'GET' && response.status === 200) this.#noteDoor(url, since)
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

  /** What nobody but the request tells of. What waits in a queue was written down when it was done. */
  #asked(call: Call): void {
    if (call.f === 'join' || call.f === 'leave' || call.f === 'mark') this.#add({ ...call, type: 'invoke' })
    if (call.f === 'act' && (call.kind === 'room' || call.kind === 'role')) this.#add({ ...call, type: 'invoke' })
  }

  #answered(call: Call, status: number, text: string): void {
    if (call.f === 'other') return
    if (isUndecided(call, status, text)) return this.#unanswered(call)
    if (status >= 400) {
      if (call.f !== 'read') this.#add({ ...call, type: 'fail' })
      return
    }
    const body: unknown = JSON.parse(text)
    if (call.f === 'send') {
      const { id, seq, version } = body as MessageAdded
      this.#add({ f: 'send', type: 'ok', room: call.room, key: call.key, id, seq: seq ?? 0, version })
    } else if (call.f === 'read') {
      const { results } = body as { results: { id: number }[] }
      this.#add({ ...call, ids: results.map(({ id }) => id) })
    } else if (call.f === 'mark') {
      const { read_seq, user_version, read_at_version } = body as ReadMarker
      const known = { seq: read_seq, userVersion: user_version, atVersion: read_at_version }
      this.#add({ f: 'mark', type: 'ok', room: call.room, ...known })
    } else if (call.f === 'later') {
      // The next whole millisecond: the answer was given before.
      this.#add({ ...call, type: 'ok', version: (body as OwnRow).own_version, atMs: Date.now() + 1 })
    } else if (call.f === 'act') {
      this.#add({ ...call, type: 'ok', version: versionOf(call, body) })
    } else {
      if (call.f === 'leave') this.#left.add(call.room)
      this.#add({ ...call, type: 'ok', version: (body as Membership).room.version })
    }
  }

  #noteDoor({ pathname, search }: URL, since: number): void {
    const room = Number(/^\/api\/rooms\/(\d+)\//.exec(pathname)?.[1])
    if (room) this.#add({ f: 'door', room, since, call: pathname + search })
  }

  #noteOdd(call: string, status: number, text: string): void {
    this.#history.add({ ...this.#who, f: 'odd', status, call, text: text.slice(0, 300) })
  }

  #unanswered(call: Call): void {
    if (call.f !== 'other' && call.f !== 'read') this.#add({ ...call, type: 'info' })
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

type Without<T> = T extends unknown ? Omit<T, keyof Identity> & Partial<Identity> : never
type NewHappening = Without<Happening>
