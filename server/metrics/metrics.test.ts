import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import { type Internal, listenInternally } from '../internal/listen.ts'
import { unreachableCentrifugo } from '../testing/outbox.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { Metrics } from './metrics.ts'

const shapes = [
  { shape: 'the hub', settings: {} },
  { shape: 'Centrifugo', settings: unreachableCentrifugo },
]

for (const { shape, settings } of shapes) {
  describe(`with ${shape}`, () => {
    let server: TestServer
    let internal: Internal
    before(async () => {
      server = await startTestServer(settings)
      const { realTime, metrics } = server.services
      const config = readConfig({ INTERNAL_PORT: '0' })
      internal = (await listenInternally(realTime.hub, metrics, config, pino({ level: 'silent' })))!
    })
    after(async () => {
      await internal.stop()
      await server.stop()
    })

    const page = async () => (await fetch(`http://127.0.0.1:${internal.port}/metrics`)).text()

    test('the internal port shows what was asked and sent, by routes and not by paths', async () => {
      const ann = await server.member('ann')
      const room = await ann.createRoom('Kitchen')
      await ann.send(room.id, 'Hello')
      await ann.post(`/api/rooms/${room.id + 1}/messages/`, { content: 'Nobody there' }, 404)
      for (let n = 0; n < 20; n++) await ann.ask('GET', `/api/made-up/${n}/`)
      await ann.ask('PROPFIND', '/api/rooms/')
      const text = await page()
      assert.match(text, /^grandchat_sends_total\{outcome="new"\} 1$/m)
      assert.match(text, /^grandchat_sends_total\{outcome="no_member"\} 1$/m)
      const route =
        /^grandchat_http_request_duration_seconds_count\{method="POST",route="\/api\/rooms\/:id\/messages\/",status="2xx"\} 1$/m
      assert.match(text, route)
      assert.doesNotMatch(text, /made-up|PROPFIND/)
      for (const name of [
        'lane_refusals_total',
        'publish_failures_total',
        'nudges_total',
        'centrifugo_breaker_open',
        'database_connections_in_use',
        'database_waiting',
        'outbox_rows',
        'outbox_oldest_seconds',
        'outbox_quarantined_rows',
        'outbox_dropped_total',
        'cdc_rows',
        'cdc_slots_lost',
        'nodejs_eventloop_lag_seconds',
        'process_cpu_seconds_total',
      ])
        assert.match(text, new RegExp(`^grandchat_${name} [0-9.e-]+$`, 'm'), name)
    })

    test('every metric is there once', async () => {
      const names = [...(await page()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
      assert.equal(new Set(names).size, names.length)
    })

    test('the public port shows none of it', async () => {
      for (const path of ['/metrics', '/metrics/', '/api/metrics', '/api/metrics/', '/health/metrics']) {
        const answer = await fetch(server.url + path)
        assert.doesNotMatch(await answer.text(), /grandchat_|# TYPE/, path)
      }
    })

    test('there is health, and nothing to change anything with but the API of the hub', async () => {
      const ask = (path: string, method: string) => fetch(`http://127.0.0.1:${internal.port}${path}`, { method })
      assert.equal((await ask('/health', 'GET')).status, 200)
      assert.equal((await ask('/metrics', 'POST')).status, 405)
      assert.equal((await ask('/api/publish', 'POST')).status, shape === 'the hub' ? 401 : 404)
    })
  })
}

test('what the housekeeper measured is shown, slots by name, and those that are gone no more', async () => {
  const metrics = new Metrics()
  const measures = { outboxRows: 3, outboxOldestSeconds: 1.5, quarantined: 1, cdcRows: 7 }
  const slot = { name: 'debezium', lagBytes: 4096, isLost: false }
  metrics.measured({ ...measures, slots: [slot, { name: 'old', lagBytes: 1, isLost: true }] })
  const text = await metrics.registry.metrics()
  assert.match(text, /^grandchat_cdc_slot_lag_bytes\{slot="debezium"\} 4096$/m)
  assert.match(text, /^grandchat_cdc_slots_lost 1$/m)
  assert.match(text, /^grandchat_outbox_rows 3$/m)
  metrics.measured({ ...measures, slots: [slot] })
  assert.doesNotMatch(await metrics.registry.metrics(), /slot="old"/)
})
