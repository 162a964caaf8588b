import { setImmediate } from 'node:timers/promises'
import { frameTypes, type LabelledCounter, type Metrics, transportNames } from '../metrics.ts'
import type { ApiHub } from './api-hub.ts'
import { PrometheusText, type Sample } from './prometheus-text.ts'

/** Everything that is counted and what there is, under Centrifugo's names where it means the same. */
export async function metricsPage(hub: Pick<ApiHub, 'info'>, metrics: Metrics): Promise<string> {
  const lagSeconds = await eventLoopLagSeconds()
  const page = new PrometheusText()
  addNode(page, hub)
  addCounters(page, metrics)
  addTransports(page, metrics)
  addApi(page, metrics)
  addProcess(page, lagSeconds)
  return page.toString()
}

function addNode(page: PrometheusText, hub: Pick<ApiHub, 'info'>): void {
  const { nodes } = hub.info()
  const [node] = nodes
  if (!node) return
  page.gauge('centrifugo_node_build', 'Version of the node.', [{ labels: { version: node.version }, value: 1 }])
  page.gauge('centrifugo_node_num_nodes', 'Nodes that work together.', nodes.length)
  page.gauge('centrifugo_node_num_clients', 'Connected clients.', node.num_clients)
  page.gauge('centrifugo_node_num_users', 'Different users among them.', node.num_users)
  page.gauge('centrifugo_node_num_subscriptions', 'Subscriptions of all clients.', node.num_subs)
  page.gauge('centrifugo_node_num_channels', 'Channels with subscribers.', node.num_channels)
}

function addCounters(page: PrometheusText, metrics: Metrics): void {
  page.counter(
    'centrifugo_node_messages_sent_count',
    'Messages given to the broker.',
    Object.entries(metrics.messagesSent).map(([type, value]) => ({ labels: { type }, value })),
  )
  page.counter(
    'centrifugo_client_num_server_disconnects',
    'Connections that the server ended.',
    samplesOf(metrics.serverDisconnects, 'code'),
  )
  page.counter(
    'centrifugo_client_num_server_unsubscribes',
    'Subscriptions that the server ended.',
    samplesOf(metrics.serverUnsubscribes, 'code'),
  )
  page.counter(
    'centrifugo_client_num_reply_errors',
    'Commands of clients that were answered with an error.',
    samplesOf(metrics.replyErrors, 'method', 'code'),
  )
  page.counter(
    'centrifugo_client_recover',
    'Subscriptions that asked for what they had missed.',
    samplesOf(metrics.recoveries, 'recovered', 'has_recovered_publications'),
  )
  page.counter(
    'centrifugo_broker_publish_suppressed_count',
    'Publishes that sent nothing.',
    samplesOf(metrics.suppressedPublishes, 'reason'),
  )
  page.counter(
    'centrifugo_node_tags_filter_dropped_publications',
    'Publications that subscribers did not want, by their tags.',
    metrics.tagsFilterDropped,
  )
  page.counter(
    'centrifugo_node_client_connection_limit',
    'Connections refused because there were too many.',
    metrics.connectionLimitReached,
  )
}

function addTransports(page: PrometheusText, { transports }: Metrics): void {
  const each = (value: (name: (typeof transportNames)[number]) => number) =>
    transportNames.map((transport) => ({ labels: { transport }, value: value(transport) }))
  page.counter(
    'centrifugo_transport_connect_count',
    'Connections begun, accepted or not.',
    each((name) => transports[name].connects),
  )
  page.counter(
    'centrifugo_client_connections_accepted',
    'Clients whose connect succeeded.',
    each((name) => transports[name].accepted),
  )
  page.gauge(
    'centrifugo_client_connections_inflight',
    'Clients that are connected.',
    each((name) => transports[name].connected),
  )
  for (const [direction, help] of [
    ['sent', 'to clients'],
    ['received', 'from clients'],
  ] as const) {
    for (const [unit, suffix, what] of [
      ['messages', '', 'Messages'],
      ['bytes', '_size', 'Bytes of messages, without framing and compression,'],
    ] as const) {
      const samples = transportNames.flatMap((transport) =>
        frameTypes
          .map((frame_type) => ({
            labels: { transport, frame_type },
            value: transports[transport][direction][frame_type][unit],
          }))
          .filter(({ value }) => value > 0),
      )
      page.counter(`centrifugo_transport_messages_${direction}${suffix}`, `${what} ${help}.`, samples)
    }
  }
}

function addApi(page: PrometheusText, metrics: Metrics): void {
  const protocol = 'http'
  page.counter(
    'centrifugo_api_command_errors_total',
    'Calls of the server API that failed.',
    samplesOf(metrics.apiErrors, 'method', 'error').map(({ labels, value }) => ({
      labels: { protocol, ...labels },
      value,
    })),
  )
  page.histogram(
    'centrifugo_api_command_duration_seconds_histogram',
    'How long calls of the server API took.',
    Array.from(metrics.apiDurations, ([method, histogram]) => ({ labels: { protocol, method }, histogram })),
  )
}

function addProcess(page: PrometheusText, lagSeconds: number): void {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  page.gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', rss)
  page.gauge(
    'process_start_time_seconds',
    'Start time of the process since unix epoch in seconds.',
    performance.timeOrigin / 1000,
  )
  page.counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', (user + system) / 1e6)
  page.gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.', heapUsed)
  page.gauge('nodejs_eventloop_lag_seconds', 'Lag of event loop in seconds.', lagSeconds)
}

/** How long the event loop takes to come round. Measured when it is asked for, so that it costs nothing otherwise. */
async function eventLoopLagSeconds(): Promise<number> {
  const startedAt = performance.now()
  await setImmediate()
  return (performance.now() - startedAt) / 1000
}

function samplesOf(counter: LabelledCounter, ...names: string[]): Sample[] {
  return counter.entries().map(({ labels, count }) => ({
    labels: Object.fromEntries(names.map((name, index) => [name, labels[index] ?? ''])),
    value: count,
  }))
}
