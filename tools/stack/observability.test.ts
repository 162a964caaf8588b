import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { Hub } from '../../hub/index.ts'
import { metricsPage } from '../../hub/api/metrics-page.ts'
import { Metrics } from '../../server/metrics/metrics.ts'
import { deploy, readCompose } from './compose.ts'

const read = async (path: string): Promise<unknown> => parse(await readFile(join(deploy, path), 'utf8'))

type Alerts = { groups: Array<{ rules: Array<{ alert: string; expr: string; annotations: { summary: string } }> }> }
type Dashboard = { uid: string; panels: Array<{ title: string; targets: Array<{ expr: string }> }> }

const alerts = ((await read('prometheus/alerts.yml')) as Alerts).groups.flatMap(({ rules }) => rules)
const names = await readdir(join(deploy, 'grafana/dashboards'))
const dashboards = (await Promise.all(names.map((name) => read(`grafana/dashboards/${name}`)))) as Dashboard[]
const expressions = [
  ...alerts.map(({ expr }) => expr),
  ...dashboards.flatMap(({ panels }) => panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))),
]
const used = new Set(expressions.flatMap((expr) => expr.match(/\b(?:grandchat|centrifugo)_\w+/g) ?? []))

/** The names of metrics in a page, those of the parts of a histogram included. */
const namesIn = (page: string) => new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name))
const isKnown = (known: Set<string>, name: string) =>
  known.has(name) || known.has(name.replace(/_(bucket|count|sum)$/, ''))

test('every metric of ours that is drawn or alerted on is one that backends have', async () => {
  const metrics = new Metrics()
  metrics.collectProcess()
  metrics.watchPool(() => ({ total: 1, inUse: 1, waiting: 0 }))
  metrics.watchBreaker(() => false)
  const known = namesIn(await metrics.registry.metrics())
  const ours = [...used].filter((name) => name.startsWith('grandchat_'))
  assert.ok(ours.length > 15)
  assert.deepEqual(
    ours.filter((name) => !isKnown(known, name)),
    [],
  )
})

test('every metric of Centrifugo is one that the hub has too, but for the consumers, which it does not have', async () => {
  const hub = new Hub({})
  const known = namesIn(await metricsPage(hub, hub.metrics))
  const theirs = [...used].filter((name) => name.startsWith('centrifugo_') && !name.startsWith('centrifugo_consumers_'))
  assert.ok(theirs.length > 8)
  assert.deepEqual(
    theirs.filter((name) => !isKnown(known, name)),
    [],
  )
})

test('somebody is told when the outbox waits, a slot lags or is lost, and Centrifugo is left alone', () => {
  const told = alerts.map(({ alert }) => alert)
  for (const name of ['OutboxWaits', 'ReplicationSlotLags', 'ReplicationSlotLost', 'CentrifugoUnreachable']) {
    assert.ok(told.includes(name), name)
  }
  for (const { annotations } of alerts) assert.match(annotations.summary, /[.?)]$/)
})

test('Prometheus asks services that exist, at the ports where their metrics are', async () => {
  const { services } = await readCompose()
  const config = (await read('prometheus/prometheus.yml')) as {
    rule_files: string[]
    scrape_configs: Array<{ static_configs: Array<{ targets: string[] }> }>
  }
  assert.deepEqual(config.rule_files, ['alerts.yml'])
  const targets = config.scrape_configs.flatMap((job) => job.static_configs.flatMap((each) => each.targets))
  for (const target of targets) {
    const [name = '', port] = target.split(':')
    assert.ok(services[name], name)
    const metrics = services[`${name}-metrics`]
    if (metrics) {
      assert.equal(metrics.network_mode, `service:${name}`)
      assert.match(String(metrics.command), new RegExp(`TCP-LISTEN:${port},`))
      assert.match(String(metrics.command), new RegExp(`127.0.0.1:${services[name].environment?.['INTERNAL_PORT']}$`))
    } else assert.equal(port, '9000')
  }
})

test('Grafana finds its dashboards and its source of data, and sends nothing home', async () => {
  const { services } = await readCompose()
  const [source, provider] = (await Promise.all([
    read('grafana/provisioning/datasources/prometheus.yaml'),
    read('grafana/provisioning/dashboards/grandchat.yaml'),
  ])) as [{ datasources: Array<{ uid: string; url: string }> }, { providers: Array<{ options: { path: string } }> }]
  assert.deepEqual(
    source.datasources.map(({ uid, url }) => [uid, url]),
    [['prometheus', 'http://prometheus:9090']],
  )
  const { volumes = [], environment = {} } = services['grafana'] ?? assert.fail()
  assert.ok(volumes.includes(`./grafana/dashboards:${provider.providers[0]?.options.path}:ro`))
  assert.deepEqual(new Set(dashboards.map(({ uid }) => uid)).size, dashboards.length)
  for (const name of ['GF_ANALYTICS_REPORTING_ENABLED', 'GF_ANALYTICS_CHECK_FOR_UPDATES']) {
    assert.equal(environment[name], 'false')
  }
})
