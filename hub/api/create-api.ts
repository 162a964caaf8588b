import type { ApiHub } from './api-hub.ts'
import type { Endpoint } from './endpoint.ts'
import { healthEndpoint, metricsEndpoint } from './probes.ts'
import { serverApi, type ServerApiOptions } from './server-api.ts'

export type ApiOptions = ServerApiOptions & {
  /** Without a path there is no such page. Centrifugo has it at `/health`. */
  healthPath?: string
  /** Without a path there is no such page. Centrifugo has it at `/metrics`. */
  metricsPath?: string
}

/** The server API and its pages as one, for a server of their own. To spread them, make them one by one. */
export function createApi(hub: ApiHub, options: ApiOptions = {}): Endpoint {
  const { healthPath, metricsPath } = options
  const endpoints = [
    ...(healthPath === undefined ? [] : [healthEndpoint({ path: healthPath })]),
    ...(metricsPath === undefined ? [] : [metricsEndpoint(hub, { path: metricsPath })]),
    serverApi(hub, options),
  ]
  return (request, response) => endpoints.some((endpoint) => endpoint(request, response))
}
