import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import type { ChannelOptions, ClientOptions, HubOptions, TokenOptions } from '../options.ts'
import type { ServerOptions } from './server-options.ts'
import { readSettings } from './settings.ts'
import { centrifugoConfig } from './write-config.ts'

const pem = { type: 'spki', format: 'pem' } as const
const rsaPublicKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export(pem).toString()
const ecdsaPublicKey = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export(pem).toString()

// Every option there is: a new one that is not written and read again does not compile, or fails here.
const channel: Required<Omit<ChannelOptions, 'isNotAvailable'>> = {
  presence: true,
  joinLeave: true,
  forcePushJoinLeave: true,
  historySize: 300,
  historyTtlSeconds: 600,
  historyMetaTtlSeconds: 3600,
  forcePositioning: true,
  allowPositioning: true,
  forceRecovery: true,
  allowRecovery: true,
  forceRecoveryMode: 'cache',
  autoCacheRecover: true,
  allowedDeltaTypes: ['fossil'],
  deltaPublish: true,
  allowTagsFilter: true,
  publicationDataFormat: 'json_object',
  channelRegex: '^[a-z]+$',
  allowSubscribeForClient: true,
  allowSubscribeForAnonymous: true,
  allowUserLimitedChannels: true,
  allowPublishForClient: true,
  allowPublishForSubscriber: true,
  allowPublishForAnonymous: true,
  allowHistoryForClient: true,
  allowHistoryForSubscriber: true,
  allowHistoryForAnonymous: true,
  allowPresenceForClient: true,
  allowPresenceForSubscriber: true,
  allowPresenceForAnonymous: false,
}
const token: Required<Omit<TokenOptions, 'algorithms'>> = {
  hmacSecretKey: 'hush',
  hmacPreviousSecretKey: 'hush before',
  rsaPublicKey,
  ecdsaPublicKey,
  audience: 'chat',
  issuer: 'backend',
}
const client: Required<Omit<ClientOptions, 'closeTimeoutSeconds' | 'commandRateLimit'>> = {
  pingIntervalSeconds: 20,
  pongTimeoutSeconds: 0.5,
  staleCloseDelaySeconds: 11,
  expiredCloseDelaySeconds: 24,
  channelLimit: 256,
  channelMaxLength: 200,
  queueMaxSize: 8_388_608,
  messageSizeLimit: 70_000,
  userConnectionLimit: 10,
  connectionLimit: 1000,
  historyMaxPublicationLimit: 200,
  recoveryMaxPublicationLimit: 250,
  requestBodySizeLimit: 90_000,
  writeTimeoutSeconds: 2,
  allowAnonymousConnectWithoutToken: true,
  insecure: true,
  connectIncludeServerTime: true,
  userPersonalChannel: { namespace: 'personal', isSingleConnection: true },
}
const hub: HubOptions = {
  token,
  subscriptionToken: { hmacSecretKey: 'for channels' },
  client,
  allowedOrigins: ['https://chat.example.com'],
  historyMetaTtlSeconds: 7200,
  name: 'one',
  namespaces: [
    { name: 'personal', presence: true },
    { name: 'all', ...channel },
  ],
  withoutNamespace: channel,
}
const server: Required<ServerOptions> = {
  address: '127.0.0.1',
  port: 8001,
  internalAddress: '::1',
  internalPort: 9001,
  isWebSocketDisabled: true,
  webSocketPath: '/ws',
  hasHttpStream: true,
  httpStreamPath: '/stream',
  hasSse: true,
  ssePath: '/events',
  emulationPath: '/send',
  isApiDisabled: true,
  apiPath: '/server',
  apiKey: 'hush',
  isApiInsecure: true,
  isApiExternal: true,
  apiErrorMode: 'transport',
  hasMetrics: true,
  metricsPath: '/m',
  hasHealth: true,
  healthPath: '/h',
  logLevel: 'debug',
  shutdownTimeoutSeconds: 12.5,
}

test('[CFG7] every option is written as Centrifugo has it and read as the same', () => {
  const config = JSON.parse(JSON.stringify(centrifugoConfig(hub, server))) as unknown
  assert.deepEqual(readSettings(config), { settings: { hub, server }, mistakes: [], warnings: [] })
})

test("[CFG7] options are written in Centrifugo's notation", () => {
  const config = centrifugoConfig(
    {
      token: { hmacSecretKey: 'hush' },
      allowedOrigins: ['*'],
      client: { pingIntervalSeconds: 25, pongTimeoutSeconds: 0.3, userPersonalChannel: { namespace: 'personal' } },
      namespaces: [{ name: 'personal', historySize: 300, historyTtlSeconds: 600, forceRecovery: true }],
    },
    { port: 8000, internalPort: 9000 },
  )
  assert.deepEqual(config, {
    http_server: { port: 8000, internal_port: '9000' },
    client: {
      allowed_origins: ['*'],
      ping_interval: '25s',
      pong_timeout: '300ms',
      subscribe_to_user_personal_channel: { enabled: true, personal_channel_namespace: 'personal' },
      token: { hmac_secret_key: 'hush' },
    },
    channel: { namespaces: [{ name: 'personal', history_size: 300, history_ttl: '600s', force_recovery: true }] },
  })
})

test('[CFG7] a zero that Centrifugo would take for the default is refused', () => {
  assert.throws(() => centrifugoConfig({ client: { recoveryMaxPublicationLimit: 0 } }), {
    message: 'Centrifugo has no zero for client.recovery_max_publication_limit.',
  })
  assert.deepEqual(centrifugoConfig({ client: { connectionLimit: 0 } }), { client: { connection_limit: 0 } })
})

test('[CFG7] what Centrifugo has no key for is left out', () => {
  const config = centrifugoConfig({ client: { commandRateLimit: 5 }, rpc: {}, checkOrigin: () => true })
  assert.deepEqual(config, {})
})
