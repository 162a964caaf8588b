import { hostname } from 'node:os'
import { healthEndpoint, metricsEndpoint } from '../api/probes.ts'
import { serverApi } from '../api/server-api.ts'
import { Hub } from '../hub.ts'
import { silentLogger } from '../options-resolve.ts'
import type { Logger } from '../options.ts'
import { type HttpLimits, listen, type Listening } from './listen.ts'
import { clientEndpoints, routed, routedUpgrade } from './endpoints.ts'
import { type ResolvedServerOptions, serverDefaults } from './server-options.ts'
import type { Settings } from './settings.ts'

export type StandaloneOptions = HttpLimits & { logger?: Logger }

export type Standalone = {
  hub: Hub
  /** `http://…`, without a path. */
  url: string
  port: number
  /** Undefined when the API, metrics and health are on `port`. */
  internalPort: number | undefined
  /** Takes no more connections, tells clients to reconnect (3001), and resolves when all connections are closed. */
  close: () => Promise<void>
}

/** Runs a hub with a server of its own. Rejects with a `StartError` when it cannot listen. */
export async function startStandalone(settings: Settings, options: StandaloneOptions = {}): Promise<Standalone> {
  const { logger = silentLogger } = options
  const server: ResolvedServerOptions = { ...serverDefaults, ...settings.server }
  const hub = new Hub({ name: `${hostname()}_${server.port}`, logger, ...settings.hub })
  const external = [...clientEndpoints(hub, server), ...(server.isApiExternal ? apiEndpoints(hub, server, logger) : [])]
  const internal = [
    ...(server.isApiExternal ? [] : apiEndpoints(hub, server, logger)),
    ...(server.hasMetrics ? [metricsEndpoint(hub, { path: server.metricsPath })] : []),
    ...(server.hasHealth ? [healthEndpoint({ path: server.healthPath })] : []),
  ]
  const places = placesOf(server)
  const listening: Listening[] = []
  try {
    const main = await listen(
      places.main,
      routed(places.internal ? external : [...external, ...internal], logger),
      options,
    )
    listening.push(main)
    main.server.on('upgrade', routedUpgrade(hub, server))
    if (places.internal) listening.push(await listen(places.internal, routed(internal, logger), options))
  } catch (error) {
    await Promise.all([hub.shutdown(), ...listening.map((each) => each.stop(0))])
    throw error
  }
  const [main, own] = listening
  const port = main?.port ?? server.port
  let closed: Promise<void> | undefined
  const close = () => (closed ??= stop(hub, listening, server.shutdownTimeoutSeconds, logger))
  return { hub, url: `http://${hostOf(server.address)}:${port}`, port, internalPort: own?.port, close }
}

type Place = { address: string | undefined; port: number }

/** As with Centrifugo, an internal address alone is enough for a server of its own. */
function placesOf({ address, port, internalAddress = address, internalPort }: ResolvedServerOptions) {
  const main: Place = { address, port }
  const internal: Place = { address: internalAddress, port: internalPort ?? port }
  // Any free port is another one than any other.
  const isSame = internalAddress === address && internal.port === port && internalPort !== 0
  return { main, internal: isSame ? undefined : internal }
}

function apiEndpoints(hub: Hub, server: ResolvedServerOptions, logger: Logger) {
  if (server.isApiDisabled) return []
  const { apiKey: key, isApiInsecure: isInsecure, apiPath: path, apiErrorMode: errorMode } = server
  return [serverApi(hub, { isInsecure, path, logger, ...(key && { key }), ...(errorMode && { errorMode }) })]
}

async function stop(hub: Hub, listening: Listening[], timeoutSeconds: number, logger: Logger): Promise<void> {
  const results = Promise.all(listening.map((each) => each.stop(timeoutSeconds)))
  await hub.shutdown()
  if ((await results).includes('cut')) {
    logger.warn({ timeoutSeconds }, 'Connections did not end within shutdown.timeout and were cut.')
  }
}

function hostOf(address: string | undefined): string {
  if (!address || address === '0.0.0.0' || address === '::') return '127.0.0.1'
  return address.includes(':') ? `[${address}]` : address
}
