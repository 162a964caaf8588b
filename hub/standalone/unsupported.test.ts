import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from './settings.ts'

const mistakesOf = (config: unknown) => readSettings(config).mistakes
const warningsOf = (config: unknown) => readSettings(config).warnings
const withNamespace = (options: object) => ({ channel: { namespaces: [{ name: 'room', ...options }] } })

test('[CFG3] a key that has no effect is named, at the level from which on nothing has', () => {
  assert.deepEqual(
    warningsOf({
      client: { concurrency: 8, alowed_origins: ['x'] },
      websocket: { compression: true },
      engine: { redis: { address: ['redis://x'], prefix: 'y' } },
      consumers: [{ name: 'outbox', enabled: true }],
      proxies: [{ name: 'backend', endpoint: 'http://x' }],
      grpc_api: { enabled: true },
      constructor: 1,
      channel: { namespaces: [{ name: 'room', historysize: 5, map: { mode: 'ephemeral' } }] },
    }),
    [
      'channel.namespaces.room.historysize is not supported and is ignored.',
      'channel.namespaces.room.map is not supported and is ignored.',
      'client.concurrency is not supported and is ignored.',
      'client.alowed_origins is not supported and is ignored.',
      'websocket.compression is not supported and is ignored.',
      'engine.redis is not supported and is ignored.',
      'consumers is not supported and is ignored.',
      'proxies is not supported and is ignored.',
      'grpc_api is not supported and is ignored.',
      'constructor is not supported and is ignored.',
    ],
  )
})

test('[CFG3] nothing is said of keys that have their default value, or whose section is off', () => {
  const { mistakes, warnings } = readSettings({
    engine: { type: 'memory' },
    broker: { enabled: false, type: 'nats', nats: { url: 'nats://x' } },
    presence_manager: { enabled: true, type: 'memory' },
    websocket: { compression: false, compression_level: 1, read_buffer_size: 0 },
    client: {
      concurrency: 0,
      presence_update_interval: '27000ms',
      proxy: { connect: { enabled: false, endpoint: 'http://x' }, refresh: {} },
      token: { jwks_public_endpoint: '', user_id_claim: '' },
    },
    channel: {
      private_prefix: '$',
      namespace_boundary: ':',
      proxy: {},
      without_namespace: { subscription_type: '', subscribe_proxy_name: 'default' },
      namespaces: [{ name: 'room', subscription_type: 'stream', subscribe_proxy_enabled: false }],
    },
    http_server: { tls: { enabled: false, cert_pem: 'x' }, http3: { enabled: false } },
    admin: { enabled: false, password: 'x' },
    grpc_api: { port: 10_000 },
    rpc: { namespaces: [], ping: { enabled: false } },
    proxies: [],
    consumers: [{ enabled: false, name: 'cdc', type: 'kafka' }],
    usage_stats: { disabled: false },
    pid_file: '',
  })
  assert.deepEqual([...mistakes, ...warnings], [])
})

test('[CFG4] what would be unsafe or lost if it was ignored is a mistake', () => {
  const inMemory = 'this hub keeps everything in memory; use Centrifugo'
  const plainHttp = 'this hub speaks plain HTTP; put a proxy that speaks TLS in front of it'
  const cases: Array<[config: object, mistake: string]> = [
    [{ engine: { type: 'redis' } }, `engine.type is not supported: ${inMemory}.`],
    [{ broker: { enabled: true, type: 'nats' } }, `broker is not supported: ${inMemory}.`],
    [{ presence_manager: { enabled: true, type: 'redis' } }, `presence_manager is not supported: ${inMemory}.`],
    [{ http_server: { tls: { enabled: true } } }, `http_server.tls is not supported: ${plainHttp}.`],
    [
      { client: { token: { issuer_regex: '^x' } } },
      'client.token.issuer_regex is not supported: ignoring it would let in whom it keeps out.',
    ],
    [
      { client: { token: { user_id_claim: 'uid' } } },
      'client.token.user_id_claim is not supported: ignoring it would take one user for another.',
    ],
    [
      { client: { disallow_anonymous_connection_tokens: true } },
      'client.disallow_anonymous_connection_tokens is not supported: ignoring it would let in whom it keeps out.',
    ],
    [
      { channel: { user_boundary: '@' } },
      "channel.user_boundary is not supported: channels' names are read with Centrifugo's usual signs here, so other users could get in.",
    ],
  ]
  for (const [config, mistake] of cases) assert.deepEqual(mistakesOf(config), [mistake])
})

test('[CFG5] a namespace that needs a missing feature is named and not available', () => {
  for (const feature of [
    { subscription_type: 'map', map: { mode: 'ephemeral', key_ttl: '30s' } },
    { subscription_type: 'shared_poll' },
    { subscribe_proxy_enabled: true },
    { publish_proxy_enabled: true, publish_proxy_name: 'mine' },
    { sub_refresh_proxy_enabled: true },
    { subscribe_stream_proxy_enabled: true },
  ]) {
    const { settings, warnings } = readSettings(withNamespace({ presence: true, ...feature }))
    assert.deepEqual(settings?.hub.namespaces, [{ name: 'room', presence: true, isNotAvailable: true }])
    assert.deepEqual(warnings, [
      `The channels of the namespace "room" are not available: channel.namespaces.room.${Object.keys(feature)[0]} is not supported.`,
    ])
  }
  const { settings, warnings } = readSettings({ channel: { without_namespace: { subscription_type: 'map' } } })
  assert.deepEqual(settings?.hub.withoutNamespace, { isNotAvailable: true })
  assert.deepEqual(warnings, [
    'The channels without a namespace are not available: channel.without_namespace.subscription_type is not supported.',
  ])
})
