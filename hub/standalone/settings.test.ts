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

/** A part of a namespace or of the whole, to see what is said about it. */
const mistakesOf = (config: unknown) => readSettings(config).mistakes
const warningsOf = (config: unknown) => readSettings(config).warnings
const withNamespace = (options: object) => ({ channel: { namespaces: [{ name: 'room', ...options }] } })

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

test('[CFG2] all mistakes are named at once, by their paths', () => {
  const config = {
    http_server: { port: 70_000 },
    client: {
      channel_limit: 'many',
      ping_interval: 25,
      insecure: 'yes',
      allowed_origins: [1],
      token: 'hush',
      subscribe_to_user_personal_channel: { enabled: true, personal_channel_namespace: 'nobody' },
    },
    sse: 'on',
    websocket: { handler_prefix: 'ws' },
    http_api: { error_mode: 'loud' },
    log: { level: 'chatty' },
    channel: {
      without_namespace: [],
      namespaces: [
        { name: 'room', history_ttl: '1500ms', history_size: 5, channel_regex: '(' },
        { name: 'x' },
        { name: 'twice' },
        { name: 'twice', history_size: 5 },
        { name: 'lost', force_recovery: true },
        { name: 'long', history_size: 1, history_ttl: '721h' },
        { name: 'cache', auto_cache_recover: true, force_recovery_mode: 'caches', allowed_delta_types: ['zip'] },
        { history_size: 5 },
      ],
    },
  }
  const { mistakes, settings } = readSettings(config)
  assert.equal(settings, undefined)
  assert.deepEqual(mistakes.toSorted(), [
    'channel.namespaces.cache.allowed_delta_types must be a list of "fossil", not this list.',
    'channel.namespaces.cache.force_recovery_mode must be one of "stream", "cache", not "caches".',
    'channel.namespaces.long: history_ttl (2595600s) must not exceed history_meta_ttl (2592000s).',
    'channel.namespaces.lost: force_recovery needs history_size and history_ttl.',
    'channel.namespaces.room.channel_regex must be a regular expression, not "(".',
    'channel.namespaces.room.history_ttl must be a duration of whole seconds, such as "600s" or "720h", not "1500ms".',
    'channel.namespaces.twice: history_size and history_ttl need each other.',
    'channel.namespaces: the name "twice" is there twice.',
    'channel.namespaces: the name "x" must be two or more letters, digits, "-", "_" and ".".',
    'channel.namespaces[7].name must be text.',
    'channel.without_namespace must be an object.',
    'client.allowed_origins must be a list of texts, not this list.',
    'client.channel_limit must be a whole number from 0 on, not "many".',
    'client.insecure must be true or false, not "yes".',
    'client.ping_interval must be a duration such as "25s", "300ms" or "720h", not 25.',
    'client.subscribe_to_user_personal_channel: there is no namespace "nobody".',
    'client.token must be an object.',
    'http_api.error_mode must be "transport", not "loud".',
    'http_server.port must be a port from 0 to 65535, not 70000.',
    'log.level must be one of "trace", "debug", "info", "warn", "error", "fatal", "none", not "chatty".',
    'sse must be an object.',
    'websocket.handler_prefix must be a path that begins with a slash, not "ws".',
  ])
})

test('[CFG2] values that need each other are looked at together', () => {
  assert.deepEqual(mistakesOf({ client: { ping_interval: '5s' } }), [
    'client.pong_timeout (8s) must be less than client.ping_interval (5s).',
  ])
  assert.deepEqual(mistakesOf(withNamespace({ auto_cache_recover: true })), [
    'channel.namespaces.room: auto_cache_recover needs force_recovery and force_recovery_mode "cache".',
  ])
  assert.deepEqual(
    mistakesOf({ client: { subscribe_to_user_personal_channel: { enabled: true, single_connection: true } } }),
    ['client.subscribe_to_user_personal_channel: single_connection needs presence in its namespace.'],
  )
})

test('[CFG2] what is no object is no configuration', () => {
  for (const config of [[], 'x', null, 5]) {
    assert.deepEqual(mistakesOf(config), ['The configuration must be a JSON object.'])
  }
  assert.deepEqual(mistakesOf({ channel: { namespaces: {} } }), ['channel.namespaces must be a list of objects.'])
})

test('[CFG2] no mistake and no warning shows a secret', () => {
  const { mistakes, warnings } = readSettings({
    client: {
      token: { hmac_secret_key: ['hush'], rsa_public_key: 'hush', ecdsa_public_key: { key: 'hush' } },
      subscription_token: 'hush',
    },
    http_api: { key: { is: 'hush' } },
    admin: { enabled: true, password: 'hush' },
    engine: { redis: { password: 'hush' } },
  })
  assert.equal(mistakes.length, 5)
  assert.equal(warnings.length, 2)
  assert.doesNotMatch([...mistakes, ...warnings].join('\n'), /hush/)
})

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

test('[CFG6] the environment is above the file, and flags are above both', () => {
  const config = {
    client: { insecure: false, channel_limit: 1, allowed_origins: ['https://file'] },
    channel: { namespaces: [{ name: 'big-room', history_size: 5, history_ttl: '60s' }] },
  }
  const { settings, mistakes, warnings } = readSettings(config, {
    environment: {
      CENTRIFUGO_CLIENT_INSECURE: '1',
      CENTRIFUGO_CLIENT_CHANNEL_LIMIT: '2',
      CENTRIFUGO_CLIENT_ALLOWED_ORIGINS: 'https://a https://b',
      CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY: 'hush',
      CENTRIFUGO_HTTP_SERVER_INTERNAL_PORT: '9000',
      CENTRIFUGO_CHANNEL_WITHOUT_NAMESPACE_PRESENCE: 'true',
      CENTRIFUGO_CHANNEL_NAMESPACES_BIG_ROOM_HISTORY_SIZE: '7',
      CENTRIFUGO_ENGINE_TYPE: 'memory',
      CENTRIFUGO_VAR_ANYTHING: 'x',
      CENTRIFUGO_SERVICE_HOST: '10.0.0.1',
      CENTRIFUGO_PORT: 'tcp://10.0.0.1:8000',
      CENTRIFUGO_HTTP_API_ENDPOINT: 'http://x',
      CLIENT_INSECURE: 'not ours',
    },
    flags: { 'client.channel_limit': '3' },
  })
  assert.deepEqual(mistakes, [])
  assert.deepEqual(warnings, ['CENTRIFUGO_HTTP_API_ENDPOINT is not supported and is ignored.'])
  assert.deepEqual(settings, {
    hub: {
      allowedOrigins: ['https://a', 'https://b'],
      client: { insecure: true, channelLimit: 3 },
      token: { hmacSecretKey: 'hush' },
      namespaces: [{ name: 'big-room', historySize: 7, historyTtlSeconds: 60 }],
      withoutNamespace: { presence: true },
    },
    server: { internalPort: 9000 },
  })
  assert.equal(config.client.insecure, false, 'what was given is not changed')
})

test('[CFG6] namespaces come from the environment as JSON', () => {
  const environment = {
    CENTRIFUGO_CHANNEL_NAMESPACES: '[{"name":"room","presence":true}]',
    CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_JOIN_LEAVE: 'true',
  }
  assert.deepEqual(readSettings({}, { environment }).settings?.hub.namespaces, [
    { name: 'room', presence: true, joinLeave: true },
  ])
  assert.deepEqual(readSettings({}, { environment: { CENTRIFUGO_CHANNEL_NAMESPACES: '{hush' } }).mistakes, [
    'channel.namespaces must be a list of objects.',
  ])
})

test('[CFG6] a mistake says which variable or flag it came from', () => {
  const { mistakes } = readSettings(
    { channel: { namespaces: [{ name: 'room' }] } },
    {
      environment: {
        CENTRIFUGO_CLIENT_INSECURE: 'yes',
        CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_HISTORY_SIZE: 'x',
        CENTRIFUGO_ENGINE_TYPE: 'redis',
      },
      flags: { 'log.level': 'loud' },
    },
  )
  assert.deepEqual(mistakes, [
    'client.insecure (set by CENTRIFUGO_CLIENT_INSECURE) must be true or false, not "yes".',
    'channel.namespaces.room.history_size (set by CENTRIFUGO_CHANNEL_NAMESPACES_ROOM_HISTORY_SIZE) must be a whole number from 0 on, not "x".',
    'log.level (set by --log.level) must be one of "trace", "debug", "info", "warn", "error", "fatal", "none", not "loud".',
    'engine.type is not supported: this hub keeps everything in memory; use Centrifugo.',
  ])
})
