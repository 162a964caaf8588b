import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from './settings.ts'

/** As an operator has it, with all that a chat needs. */
const realConfig = () => ({
  http_server: { port: 8000, internal_port: '9000' },
  client: {
    allowed_origins: ['https://chat.example.com'],
    token: {
      hmac_secret_key: 'hush',
      hmac_previous_secret_key: '',
      audience: '',
      issuer: 'chat',
    },
    ping_interval: '25s',
    pong_timeout: '8s',
    channel_limit: 256,
    queue_max_size: 8_388_608,
    history_max_publication_limit: 300,
    recovery_max_publication_limit: 300,
    user_connection_limit: 0,
    connection_limit: 0,
    concurrency: 8,
    subscribe_to_user_personal_channel: { enabled: true, personal_channel_namespace: 'personal' },
  },
  http_api: { key: 'hush too' },
  websocket: { message_size_limit: 65_536, compression: false },
  http_stream: { enabled: true },
  sse: { enabled: true },
  engine: { type: 'memory' },
  channel: {
    history_meta_ttl: '720h',
    without_namespace: {},
    namespaces: [
      {
        name: 'personal',
        history_size: 300,
        history_ttl: '600s',
        force_recovery: true,
        allow_user_limited_channels: true,
      },
      {
        name: 'room',
        presence: true,
        history_size: 200,
        history_ttl: '10m',
        force_recovery: true,
        allow_presence_for_subscriber: true,
      },
    ],
  },
  prometheus: { enabled: true },
  health: { enabled: true },
  admin: { enabled: true, password: 'hush', secret: 'hush' },
  log: { level: 'info' },
  shutdown: { timeout: '30s' },
  node: { name: '' },
  usage_stats: { disabled: true },
})

const mistakesOf = (config: unknown) => readSettings(config).mistakes

test('[CFG1] a configuration as operators have it becomes the same options', () => {
  const { settings, mistakes, warnings } = readSettings(realConfig())
  assert.deepEqual(mistakes, [])
  assert.deepEqual(warnings, [
    'client.concurrency is not supported and is ignored.',
    'admin is not supported and is ignored.',
  ])
  assert.deepEqual(settings, {
    hub: {
      allowedOrigins: ['https://chat.example.com'],
      historyMetaTtlSeconds: 30 * 24 * 3600,
      token: { hmacSecretKey: 'hush', issuer: 'chat' },
      client: {
        pingIntervalSeconds: 25,
        pongTimeoutSeconds: 8,
        channelLimit: 256,
        queueMaxSize: 8_388_608,
        messageSizeLimit: 65_536,
        userConnectionLimit: 0,
        connectionLimit: 0,
        historyMaxPublicationLimit: 300,
        recoveryMaxPublicationLimit: 300,
        userPersonalChannel: { namespace: 'personal' },
      },
      namespaces: [
        {
          name: 'personal',
          historySize: 300,
          historyTtlSeconds: 600,
          forceRecovery: true,
          allowUserLimitedChannels: true,
        },
        {
          name: 'room',
          presence: true,
          historySize: 200,
          historyTtlSeconds: 600,
          forceRecovery: true,
          allowPresenceForSubscriber: true,
        },
      ],
      withoutNamespace: {},
    },
    server: {
      port: 8000,
      internalPort: 9000,
      apiKey: 'hush too',
      hasHttpStream: true,
      hasSse: true,
      hasMetrics: true,
      hasHealth: true,
      logLevel: 'info',
      shutdownTimeoutSeconds: 30,
    },
  })
})

test('[CFG1] nothing at all is a configuration, and channels without a namespace exist', () => {
  assert.deepEqual(readSettings({}), {
    settings: { hub: { client: {}, namespaces: [], withoutNamespace: {} }, server: {} },
    mistakes: [],
    warnings: [],
  })
})

test('[CFG1] a zero or empty text stands for the default, and a port of 0 for any free one', () => {
  const { settings } = readSettings({
    http_server: { port: 0 },
    client: { channel_limit: 0, ping_interval: '0s', user_connection_limit: 0, allowed_origins: null },
    sse: { handler_prefix: '' },
  })
  assert.deepEqual(settings?.hub.client, { userConnectionLimit: 0 })
  assert.deepEqual(settings?.server, { port: 0 })
})

test('[CFG1] the format of publications is set for all channels, and otherwise for one namespace', () => {
  const { settings } = readSettings({
    channel: {
      publication_data_format: 'json',
      namespaces: [{ name: 'room' }, { name: 'file', publication_data_format: 'binary' }],
    },
  })
  assert.deepEqual(settings?.hub.namespaces, [
    { name: 'room', publicationDataFormat: 'json' },
    { name: 'file', publicationDataFormat: 'binary' },
  ])
  assert.deepEqual(settings?.hub.withoutNamespace, { publicationDataFormat: 'json' })
})

test('[CFG1] subscription tokens have keys of their own where that is enabled', () => {
  const config = (subscription_token: object) => ({ client: { token: { hmac_secret_key: 'a' }, subscription_token } })
  assert.deepEqual(readSettings(config({ enabled: true, hmac_secret_key: 'b' })).settings?.hub.subscriptionToken, {
    hmacSecretKey: 'b',
  })
  const off = readSettings(config({ enabled: false, hmac_secret_key: 'b', issuer_regex: '^x' }))
  assert.equal(off.settings?.hub.subscriptionToken, undefined)
  assert.deepEqual([...off.mistakes, ...off.warnings], [])
  assert.deepEqual(mistakesOf(config({ enabled: true })), [
    'client.subscription_token is enabled and needs a key: hmac_secret_key, rsa_public_key or ecdsa_public_key.',
  ])
})

test('[CFG1] a previous key that has had its time is no longer good', () => {
  const config = (hmac_previous_secret_key_valid_until: number) => ({
    client: {
      token: { hmac_secret_key: 'new', hmac_previous_secret_key: 'old', hmac_previous_secret_key_valid_until },
    },
  })
  assert.deepEqual(readSettings(config(1_000_000)).settings?.hub.token, { hmacSecretKey: 'new' })
  const later = readSettings(config(99_000_000_000))
  assert.deepEqual(later.settings?.hub.token, { hmacSecretKey: 'new', hmacPreviousSecretKey: 'old' })
  assert.match(later.warnings.join(), /valid_until is looked at when the hub starts/)
})

test('[CFG1] of limits that Centrifugo tells apart and the hub does not, the most generous is used, and that is said', () => {
  const { settings, warnings } = readSettings({
    sse: { max_request_body_size: 1000 },
    emulation: { max_request_body_size: 200_000 },
    client: { expired_close_delay: '30s', expired_sub_close_delay: '30s' },
  })
  assert.deepEqual(settings?.hub.client, { requestBodySizeLimit: 200_000, expiredCloseDelaySeconds: 30 })
  assert.deepEqual(warnings, [
    'http_stream.max_request_body_size and sse.max_request_body_size and emulation.max_request_body_size are one setting here: 200000 is used for all.',
  ])
})
