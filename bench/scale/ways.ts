import { startStack } from '../../tools/stack/large.ts'
import { findCentrifugoOnce } from '../../tools/stack/centrifugo.ts'
import type { BroadcastMode } from '../../tools/stack/centrifugo-consumers.ts'
import { freePort } from '../../tools/stack/ports.ts'
import { startInstallation } from '../installation.ts'
import type { Scope } from '../scope.ts'

/** An installation whose rooms are to be measured. */
export type Place = {
  url: string
  databaseUrl(): Promise<string>
  /** The server API of the real-time layer, with its key. */
  api: { url: string; key: string }
  /** Ends it; the scope does so, too. */
  stop(): Promise<void>
}

/** One way for an event from the change to the members. */
export type Way = {
  name: string
  /** Every member gets a copy, however many there are, as in the tutorial; else large rooms have a channel of their own. */
  isAlwaysPersonal: boolean
  start(scope: Scope): Promise<Place>
}

const key = 'a key for the benchmark alone'

function small(isAlwaysPersonal: boolean): Way['start'] {
  return async (scope) => {
    const internalPort = String(await freePort())
    const settings = { INTERNAL_PORT: internalPort, CENTRIFUGO_HTTP_API_KEY: key, ...limit(isAlwaysPersonal) }
    const installation = await startInstallation(scope, { settings })
    return { ...installation, api: { url: `http://127.0.0.1:${internalPort}/api`, key } }
  }
}

function large(mode: BroadcastMode, isAlwaysPersonal: boolean): Way['start'] {
  return async (scope) => {
    scope.assertOpen()
    const say = (line: string) => scope.say(line)
    const settings = limit(isAlwaysPersonal)
    const stack = await startStack({
      mode,
      engine: 'memory',
      backends: 1,
      centrifugo: findCentrifugoOnce,
      settings,
      // As durable as the database of a real installation.
      databaseSettings: { fsync: 'on', full_page_writes: 'on' },
      say,
    })
    scope.onEnd(() => stack.stop())
    scope.facts['Centrifugo'] =
      stack.standIn === undefined ? 'real' : 'our hub is in its place, for it could not be had'
    const api = { url: stack.centrifugo.apiUrl, key: stack.centrifugo.apiKey }
    return { url: stack.url, databaseUrl: () => Promise.resolve(stack.databaseUrl), api, stop: () => stack.stop() }
  }
}

const limit = (isAlwaysPersonal: boolean): Record<string, string> =>
  isAlwaysPersonal ? { LARGE_ROOM_MEMBERS: '0' } : {}

const modes: readonly BroadcastMode[] = ['api', 'outbox', 'cdc', 'api_cdc']

export const ways: readonly Way[] = [
  { name: 'small shape', isAlwaysPersonal: false, start: small(false) },
  { name: 'small shape, a copy each', isAlwaysPersonal: true, start: small(true) },
  { name: 'outbox', isAlwaysPersonal: false, start: large('outbox', false) },
  ...modes.map((mode) => ({ name: `${mode}, a copy each`, isAlwaysPersonal: true, start: large(mode, true) })),
]
