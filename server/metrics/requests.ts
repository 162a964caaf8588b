import type { Server } from '../app.ts'
import type { Metrics } from './metrics.ts'

const classes = ['1xx', '2xx', '3xx', '4xx', '5xx']
/** Anybody may invent a method. */
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Counts what was answered, by the pattern of its route: what has none is one route, however many paths are tried. */
export function countRequests(app: Server, { requests }: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: methods.has(request.method) ? request.method : 'other',
      route: request.routeOptions.url ?? 'none',
      status: classes[Math.floor(reply.statusCode / 100) - 1] ?? 'other',
    }
    requests.observe(labels, reply.elapsedTime / 1000)
  })
}
