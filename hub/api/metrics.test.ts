import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Histogram, Metrics } from '../metrics.ts'
import { connectRaw } from '../test/raw.ts'
import { send, startApi, type TestApi } from './api-fixture.ts'
import { metricsPage } from './metrics-page.ts'
import { PrometheusText } from './prometheus-text.ts'

const get = ({ address }: TestApi, path: string, method = 'GET') => send(address + path, '', {}, method)

/** The page's values by name and labels. Fails where a line is not of the format. */
function valuesOf(page: string): Map<string, number> {
  assert.ok(page.endsWith('\n'))
  const lines = page.slice(0, -1).split('\n')
  for (const line of lines) {
    assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+\})? [-+.e0-9]+)$/)
  }
  const samples = lines.filter((line) => !line.startsWith('#'))
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}

async function valuesAt(api: TestApi): Promise<Map<string, number>> {
  return valuesOf((await get(api, '/metrics')).text)
}

test('[MET1] health says that the process answers', async (t) => {
  const api = await startApi(t)
  const { status, text, headers } = await get(api, '/health')
  assert.deepEqual([status, text, headers.get('content-type')], [200, '{}', 'application/json'])
  assert.deepEqual(await get(api, '/health?x=1').then(({ text }) => text), '{}')
})

test('[MET1] the pages are there where they have a path, to be read and nothing else', async (t) => {
  const api = await startApi(t, { api: { healthPath: '/live/', metricsPath: '/internal/metrics' } })
  assert.equal((await get(api, '/live')).status, 200)
  assert.equal((await get(api, '/internal/metrics')).status, 200)
  assert.equal((await get(api, '/health')).status, 418)
  assert.equal((await get(api, '/live', 'HEAD')).status, 200)
  assert.equal((await get(api, '/live', 'POST')).status, 405)
  assert.equal((await get(api, '/internal/metrics', 'DELETE')).status, 405)
})

test('[MET2] the page is in the format of Prometheus, and has all families from the start', async (t) => {
  const api = await startApi(t)
  const { text, headers } = await get(api, '/metrics')
  assert.equal(headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
  const types = new Map(Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name, type]) => [name, type]))
  assert.deepEqual(Object.fromEntries(types), {
    centrifugo_node_build: 'gauge',
    centrifugo_node_num_nodes: 'gauge',
    centrifugo_node_num_clients: 'gauge',
    centrifugo_node_num_users: 'gauge',
    centrifugo_node_num_subscriptions: 'gauge',
    centrifugo_node_num_channels: 'gauge',
    centrifugo_node_messages_sent_count: 'counter',
    centrifugo_client_num_server_disconnects: 'counter',
    centrifugo_client_num_server_unsubscribes: 'counter',
    centrifugo_client_num_reply_errors: 'counter',
    centrifugo_client_recover: 'counter',
    centrifugo_broker_publish_suppressed_count: 'counter',
    centrifugo_node_tags_filter_dropped_publications: 'counter',
    centrifugo_node_client_connection_limit: 'counter',
    centrifugo_transport_connect_count: 'counter',
    centrifugo_client_connections_accepted: 'counter',
    centrifugo_client_connections_inflight: 'gauge',
    centrifugo_transport_messages_sent: 'counter',
    centrifugo_transport_messages_sent_size: 'counter',
    centrifugo_transport_messages_received: 'counter',
    centrifugo_transport_messages_received_size: 'counter',
    centrifugo_api_command_errors_total: 'counter',
    centrifugo_api_command_duration_seconds_histogram: 'histogram',
    process_resident_memory_bytes: 'gauge',
    process_start_time_seconds: 'gauge',
    process_cpu_seconds_total: 'counter',
    nodejs_heap_size_used_bytes: 'gauge',
    nodejs_eventloop_lag_seconds: 'gauge',
  })
  valuesOf(text)
})

test('[MET2] what a node counts is shown under the names of Centrifugo', async () => {
  const metrics = new Metrics()
  metrics.messagesSent.publication += 3
  metrics.messagesSent.join++
  metrics.countServerDisconnect(3503)
  metrics.countServerDisconnect(3503)
  metrics.countServerUnsubscribe(2500)
  metrics.countReplyError('subscribe', 103)
  metrics.countRecovery(true, true)
  metrics.countRecovery(true, false)
  metrics.countRecovery(false, false)
  metrics.countSuppressedPublish('idempotency')
  metrics.tagsFilterDropped += 5
  metrics.connectionLimitReached++
  const { websocket, sse } = metrics.transports
  websocket.connects += 2
  websocket.accepted++
  websocket.connected++
  websocket.countSent('push_publication', 100)
  websocket.countSent('push_publication', 20)
  sse.countReceived('subscribe', 7)
  const values = valuesOf(await metricsPage({ info: () => ({ nodes: [] }) }, metrics))
  const expected = {
    'centrifugo_node_messages_sent_count{type="publication"}': 3,
    'centrifugo_node_messages_sent_count{type="join"}': 1,
    'centrifugo_node_messages_sent_count{type="leave"}': 0,
    'centrifugo_client_num_server_disconnects{code="3503"}': 2,
    'centrifugo_client_num_server_unsubscribes{code="2500"}': 1,
    'centrifugo_client_num_reply_errors{method="subscribe",code="103"}': 1,
    'centrifugo_client_recover{recovered="yes",has_recovered_publications="yes"}': 1,
    'centrifugo_client_recover{recovered="yes",has_recovered_publications="no"}': 1,
    'centrifugo_client_recover{recovered="no",has_recovered_publications="no"}': 1,
    'centrifugo_broker_publish_suppressed_count{reason="idempotency"}': 1,
    centrifugo_node_tags_filter_dropped_publications: 5,
    centrifugo_node_client_connection_limit: 1,
    'centrifugo_transport_connect_count{transport="websocket"}': 2,
    'centrifugo_transport_connect_count{transport="http_stream"}': 0,
    'centrifugo_client_connections_accepted{transport="websocket"}': 1,
    'centrifugo_client_connections_inflight{transport="websocket"}': 1,
    'centrifugo_transport_messages_sent{transport="websocket",frame_type="push_publication"}': 2,
    'centrifugo_transport_messages_sent_size{transport="websocket",frame_type="push_publication"}': 120,
    'centrifugo_transport_messages_received{transport="sse",frame_type="subscribe"}': 1,
    'centrifugo_transport_messages_received_size{transport="sse",frame_type="subscribe"}': 7,
  }
  for (const [name, value] of Object.entries(expected)) assert.equal(values.get(name), value, name)
  assert.equal(values.get('centrifugo_transport_messages_sent{transport="sse",frame_type="subscribe"}'), undefined)
})

test('[MET3] the values of labels are escaped', () => {
  const page = new PrometheusText()
  page.gauge('build', 'A \\ and\na break.', [{ labels: { version: 'a"b\\c\nd', other: '{}' }, value: 1.5 }])
  assert.equal(
    page.toString(),
    '# HELP build A \\\\ and\\na break.\n# TYPE build gauge\nbuild{version="a\\"b\\\\c\\nd",other="{}"} 1.5\n',
  )
})

test('[MET4] the API counts its calls, their times and their errors', async (t) => {
  const api = await startApi(t)
  await api.ask('publish', { channel: 'plain:x', data: 1 })
  await api.ask('publish', { channel: 'nowhere:x', data: 1 })
  await api.ask('broadcast', { channels: ['plain:x', 'nowhere:x'], data: 1 })
  await api.post('/api/publish', 'not JSON')
  await api.call('batch', { commands: [{ presence: { channel: 'plain:x' } }, { unknown: {} }] })
  const values = await valuesAt(api)
  const name = 'centrifugo_api_command_duration_seconds_histogram'
  assert.equal(values.get(`${name}_count{protocol="http",method="publish"}`), 2)
  assert.equal(values.get(`${name}_bucket{protocol="http",method="publish",le="+Inf"}`), 2)
  assert.ok((values.get(`${name}_sum{protocol="http",method="publish"}`) ?? -1) >= 0)
  assert.equal(values.get(`${name}_count{protocol="http",method="presence"}`), 1)
  const errors = [...values].filter(([sample]) => sample.startsWith('centrifugo_api_command_errors_total'))
  assert.deepEqual(Object.fromEntries(errors.map(([sample, value]) => [sample.slice(36), value])), {
    'protocol="http",method="publish",error="102"}': 1,
    'protocol="http",method="broadcast_publish",error="102"}': 1,
    'protocol="http",method="publish",error="unmarshal"}': 1,
    'protocol="http",method="presence",error="108"}': 1,
    'protocol="http",method="unknown",error="104"}': 1,
  })
})

test('[MET4] the buckets of a histogram hold what is not above them', async () => {
  const metrics = new Metrics()
  for (const seconds of [0, 0.005, 0.0051, 1, 10, 11]) metrics.observeApiCommand('publish', seconds)
  const values = valuesOf(await metricsPage({ info: () => ({ nodes: [] }) }, metrics))
  const bucket = (le: string) =>
    values.get(`centrifugo_api_command_duration_seconds_histogram_bucket{protocol="http",method="publish",le="${le}"}`)
  assert.deepEqual(['0.005', '0.01', '0.5', '1', '5', '10', '+Inf'].map(bucket), [2, 3, 3, 4, 4, 5, 6])
  assert.deepEqual(new Histogram([1]).counts, [0, 0])
})

test('[MET5] what there is at the moment is shown, too', async (t) => {
  const api = await startApi(t)
  for (const user of ['ann', 'ann', 'bob']) await (await connectRaw(t, api, user)).subscribe('plain:x')
  const values = await valuesAt(api)
  const shown = Object.fromEntries([...values].filter(([name]) => name.startsWith('centrifugo_node_num_')))
  assert.deepEqual(shown, {
    centrifugo_node_num_nodes: 1,
    centrifugo_node_num_clients: 3,
    centrifugo_node_num_users: 2,
    centrifugo_node_num_subscriptions: 3,
    centrifugo_node_num_channels: 1,
  })
  assert.equal(values.get(`centrifugo_node_build{version="${api.hub.info().nodes[0]?.version}"}`), 1)
  assert.ok((values.get('process_resident_memory_bytes') ?? 0) > 10_000_000)
  assert.ok((values.get('process_start_time_seconds') ?? 0) > 1_600_000_000)
  assert.ok((values.get('nodejs_eventloop_lag_seconds') ?? -1) >= 0)
})
