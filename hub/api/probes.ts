import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiHub } from './api-hub.ts'
import { type Endpoint, pathOf, refuse, respond, respondJson, withoutTrailingSlashes } from './endpoint.ts'
import { metricsPage } from './metrics-page.ts'
import { PrometheusText } from './prometheus-text.ts'

/** `GET /health`: the process answers, more is not said. */
export function healthEndpoint({ path = '/health' }: { path?: string } = {}): Endpoint {
  return at(path, (response) => respondJson(response, '{}'))
}

/** `GET /metrics`, for Prometheus. It asks for no key: keep it where only friends can reach it. */
export function metricsEndpoint(
  hub: Pick<ApiHub, 'info' | 'metrics'>,
  { path = '/metrics' }: { path?: string } = {},
): Endpoint {
  return at(path, async (response) => {
    respond(response, 200, await metricsPage(hub, hub.metrics), { 'Content-Type': PrometheusText.contentType })
  })
}

function at(path: string, answer: (response: ServerResponse) => void | Promise<void>): Endpoint {
  const own = withoutTrailingSlashes(path) || '/'
  return (request: IncomingMessage, response: ServerResponse) => {
    if (pathOf(request) !== own) return false
    if (request.method === 'GET' || request.method === 'HEAD') void answer(response)
    else refuse(response.setHeader('Allow', 'GET, HEAD'), 405)
    return true
  }
}
