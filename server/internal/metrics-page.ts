import type { Hub } from '../../hub/index.ts'
import { metricsPage } from '../../hub/api/metrics-page.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** What the backend counts and, where the sockets are ours, what the hub does, as one page for Prometheus. */
export async function wholeMetricsPage(metrics: Metrics, hub: Hub | undefined): Promise<string> {
  const own = await metrics.registry.metrics()
  return hub ? `${await metricsPage(hub, hub.metrics)}${own}` : own
}
