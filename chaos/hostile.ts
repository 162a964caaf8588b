import { setTimeout as sleep } from 'node:timers/promises'
import type { HistoryPage } from '@grandchat/contracts/messages/schema'
import type { Tokens } from '@grandchat/contracts/realtime/schema'
import { channels } from '@grandchat/contracts/realtime/channels'
import { type History, canaryOf } from './history.ts'
import type { Proxy } from './proxy.ts'
import { Traffic } from './traffic.ts'
import { Wire } from './wire.ts'
import type { Account } from './world.ts'

export type HostileOptions = { history: History; account: Account; network: Proxy; device: string }

/** Somebody who asks without the product's client, for whatever might be answered. */
export class Caller {
  readonly account: Account
  readonly network: Proxy
  readonly traffic: Traffic
  readonly proc: string
  #fetch: typeof globalThis.fetch
  #csrf: string | undefined

  constructor({ history, account, network, device }: HostileOptions) {
    this.account = account
    this.network = network
    this.proc = `${account.name}${device}`
    this.traffic = new Traffic(history, { proc: this.proc, user: account.id })
    this.#fetch = this.traffic.fetchWith(() => account.cookie)
  }

  /** Undefined where there was no answer. */
  async ask(method: string, path: string, body?: unknown): Promise<Response | undefined> {
    const url = `http://127.0.0.1:${this.network.port}${path}`
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(5_000)
    try {
      if (method !== 'GET') {
        this.#csrf ??= (await this.#fetch(url.replace(path, '/api/csrf/'), { signal })).headers.get('x-csrftoken') ?? ''
        headers['x-csrftoken'] = this.#csrf
      }
      const init = body === undefined ? {} : { body: JSON.stringify(body) }
      return await this.#fetch(url, { method, headers, signal, ...init })
    } catch {
      return undefined
    }
  }

  async tokens(wanted: readonly string[]): Promise<Tokens | undefined> {
    const response = await this.ask('POST', '/api/token/', { channels: wanted })
    return response?.status === 200 ? ((await response.json()) as Tokens) : undefined
  }

  /** A socket that is connected, or undefined. */
  async connect(tokens: Tokens): Promise<Wire | undefined> {
    const wire = new Wire(this.network, this.traffic)
    const reply = await wire.ask('connect', { token: tokens.connection })
    if (reply && !reply.error) return wire
    wire.close()
    return undefined
  }
}

/** Reads a whole room by REST, page by page. */
export async function readWhole(history: History, reader: Omit<HostileOptions, 'device' | 'history'>, room: number) {
  const { account, network } = reader
  const caller = new Caller({ history, account, network, device: '_rest' })
  const ids: number[] = []
  for (let more = true; more;) {
    const before = ids.length > 0 ? `&before=${ids.at(-1)}` : ''
    const response = await caller.ask('GET', `/api/rooms/${room}/messages/?limit=100${before}`)
    if (response?.status !== 200) throw new Error(`room ${room} cannot be read: ${response?.status}`)
    const page = (await response.json()) as HistoryPage
    ids.push(...page.results.map(({ id }) => id))
    more = page.more
  }
  history.add({ proc: caller.proc, user: account.id, room, f: 'whole', ids: ids.toReversed() })
}

/** Does one thing again and again until it is stopped. */
class Loop {
  #isStopped = false
  #done: Promise<void>

  constructor(pauseMs: number, round: () => Promise<void>) {
    this.#done = this.#run(pauseMs, round)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#done
  }

  async #run(pauseMs: number, round: () => Promise<void>): Promise<void> {
    while (!this.#isStopped) {
      await round()
      await sleep(pauseMs)
    }
  }
}

export type Hostile = { stop(): Promise<void> }

/** An account that is in none of the rooms and tries every door to them: REST, tokens, sockets. */
export function startOutsider(options: HostileOptions, rooms: readonly number[], others: readonly Account[]): Hostile {
  const caller = new Caller(options)
  const names = rooms.flatMap((room) => [channels.here(room), channels.room(room)])
  const foreign = [...others.map(({ id }) => channels.personal(id)), ...names]
  return new Loop(1_000, async () => {
    for (const room of rooms) {
      const path = `/api/rooms/${room}`
      for (const door of ['/', '/messages/', '/messages/?page=1', '/members/', '/changes/?since=1&low=0']) {
        await caller.ask('GET', path + door)
      }
      await caller.ask('PUT', `${path}/read-marker/`, { seq: 1 })
      await caller.ask('POST', `${path}/messages/`, { content: `${canaryOf(room, caller.proc)} from outside` })
      const known = { [room]: 0 }
      const open = [{ id: room, since: 0, low: 0 }]
      await caller.ask('POST', '/api/sync/', { user_version: 0, workspace_version: 0, rooms: known, open })
    }
    await caller.ask('GET', '/api/rooms/')
    await caller.ask('GET', '/api/search/?q=from')
    await trySockets(caller, foreign)
  })
}

/** Without a token, with one for a channel of one's own, and with whatever was given for the asking. */
async function trySockets(caller: Caller, foreign: readonly string[]): Promise<void> {
  const own = channels.personal(caller.account.id)
  const tokens = await caller.tokens([own, ...foreign.slice(0, 100)])
  const wire = tokens && (await caller.connect(tokens))
  if (!tokens || !wire) return
  for (const channel of foreign.slice(0, 20)) {
    await wire.ask('subscribe', { channel })
    await wire.ask('subscribe', { channel, token: tokens.subscriptions[own] })
    await wire.ask('subscribe', { channel, token: tokens.connection })
    const given = tokens.subscriptions[channel]
    if (given !== undefined) await wire.ask('subscribe', { channel, token: given })
    await wire.ask('history', { channel, limit: 100 })
    await wire.ask('presence', { channel })
  }
  wire.close()
}

/**
 * The hostile half of someone who joins and leaves: keeps every token and socket of the time as a member and uses them
 * again and again.
 */
export function startClinger(options: HostileOptions, rooms: readonly number[]): Hostile {
  const caller = new Caller(options)
  const names = rooms.flatMap((room) => [channels.here(room), channels.room(room)])
  const kept = new Map<string, string[]>()
  let wire: Wire | undefined
  const loop = new Loop(150, async () => {
    const tokens = await caller.tokens(names)
    for (const [channel, token] of Object.entries(tokens?.subscriptions ?? {})) {
      kept.set(channel, [token, ...(kept.get(channel) ?? [])].slice(0, 3))
    }
    if (tokens && (!wire || wire.isClosed)) wire = await caller.connect(tokens)
    for (const [channel, old] of kept) {
      for (const token of old.toReversed()) await wire?.ask('subscribe', { channel, token })
    }
    for (const room of rooms) await caller.ask('GET', `/api/rooms/${room}/changes/?since=1&low=0`)
  })
  return {
    async stop() {
      await loop.stop()
      wire?.close()
    },
  }
}

/** A member who types all the time, with a mark in what the others are told. */
export function startTypist(options: HostileOptions, rooms: readonly number[]): Hostile {
  const caller = new Caller(options)
  let wire: Wire | undefined
  let n = 0
  const loop = new Loop(250, async () => {
    if (!wire || wire.isClosed) {
      const tokens = await caller.tokens(rooms.map(channels.here))
      wire = tokens && (await caller.connect(tokens))
      for (const [channel, token] of Object.entries(tokens?.subscriptions ?? {})) {
        await wire?.ask('subscribe', { channel, token })
      }
    }
    for (const room of rooms) {
      const data = { typing: canaryOf(room, `${caller.proc}_typing${++n}`) }
      await wire?.ask('publish', { channel: channels.here(room), data })
    }
  })
  return {
    async stop() {
      await loop.stop()
      wire?.close()
    },
  }
}
