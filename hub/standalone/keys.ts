import { clientDefaults } from '../options-resolve.ts'
import type { ChannelOptions, ClientOptions, HubOptions, TokenOptions } from '../options.ts'
import { duration, wholeSeconds } from './durations.ts'
import {
  boolean,
  choice,
  choices,
  integer,
  type Kind,
  path,
  pem,
  port,
  portText,
  regex,
  secret,
  string,
} from './kinds.ts'
import { stringList } from './kinds.ts'
import { logLevels, serverDefaults, type ServerOptions } from './server-options.ts'

/** Where Centrifugo keeps an option. */
export type Key<T> = {
  /** Several keys where Centrifugo tells apart what is one option here. */
  paths: readonly [string, ...string[]]
  kind: Kind<T>
  /** Centrifugo's, where it is no zero. It then takes a zero (0, "0s") for the default, and so do we. */
  default?: T
}

/** An option that Centrifugo does not have. */
export const hubOnly = 'hub only'

/** One row for each option: a new option without one does not compile. */
export type KeysOf<T> = { [Option in keyof T]-?: Key<NonNullable<T[Option]>> | typeof hubOnly }

function key<T>(kind: Kind<T>, paths: string | readonly [string, ...string[]], byDefault?: NoInfer<T>): Key<T> {
  const row = { paths: typeof paths === 'string' ? ([paths] as const) : paths, kind }
  return byDefault === undefined ? row : { ...row, default: byDefault }
}

export const thirtyDays = 30 * 24 * 3600

/** Below `channel.without_namespace` and of each member of `channel.namespaces`. */
export const channelKeys: KeysOf<ChannelOptions> = {
  presence: key(boolean, 'presence'),
  joinLeave: key(boolean, 'join_leave'),
  forcePushJoinLeave: key(boolean, 'force_push_join_leave'),
  historySize: key(integer, 'history_size'),
  historyTtlSeconds: key(wholeSeconds, 'history_ttl'),
  historyMetaTtlSeconds: key(wholeSeconds, 'history_meta_ttl', thirtyDays),
  forcePositioning: key(boolean, 'force_positioning'),
  allowPositioning: key(boolean, 'allow_positioning'),
  forceRecovery: key(boolean, 'force_recovery'),
  allowRecovery: key(boolean, 'allow_recovery'),
  forceRecoveryMode: key(choice('stream', 'cache'), 'force_recovery_mode'),
  autoCacheRecover: key(boolean, 'auto_cache_recover'),
  allowedDeltaTypes: key(choices('fossil'), 'allowed_delta_types'),
  deltaPublish: key(boolean, 'delta_publish'),
  allowTagsFilter: key(boolean, 'allow_tags_filter'),
  publicationDataFormat: key(choice('', 'json', 'json_object', 'binary'), 'publication_data_format'),
  channelRegex: key(regex, 'channel_regex'),
  allowSubscribeForClient: key(boolean, 'allow_subscribe_for_client'),
  allowSubscribeForAnonymous: key(boolean, 'allow_subscribe_for_anonymous'),
  allowUserLimitedChannels: key(boolean, 'allow_user_limited_channels'),
  allowPublishForClient: key(boolean, 'allow_publish_for_client'),
  allowPublishForSubscriber: key(boolean, 'allow_publish_for_subscriber'),
  allowPublishForAnonymous: key(boolean, 'allow_publish_for_anonymous'),
  allowHistoryForClient: key(boolean, 'allow_history_for_client'),
  allowHistoryForSubscriber: key(boolean, 'allow_history_for_subscriber'),
  allowHistoryForAnonymous: key(boolean, 'allow_history_for_anonymous'),
  allowPresenceForClient: key(boolean, 'allow_presence_for_client'),
  allowPresenceForSubscriber: key(boolean, 'allow_presence_for_subscriber'),
  allowPresenceForAnonymous: key(boolean, 'allow_presence_for_anonymous'),
  isNotAvailable: hubOnly,
}

/** Below `client.token` and `client.subscription_token`. */
export const tokenKeys: KeysOf<TokenOptions> = {
  hmacSecretKey: key(secret, 'hmac_secret_key'),
  hmacPreviousSecretKey: key(secret, 'hmac_previous_secret_key'),
  rsaPublicKey: key(pem('rsa', 'RSA'), 'rsa_public_key'),
  ecdsaPublicKey: key(pem('ec', 'ECDSA'), 'ecdsa_public_key'),
  audience: key(string, 'audience'),
  issuer: key(string, 'issuer'),
  algorithms: hubOnly,
}

const limits = clientDefaults

/** What the hub's `client` has, but the personal channel, which Centrifugo switches by a key of its own. */
export const clientKeys: KeysOf<Omit<ClientOptions, 'userPersonalChannel'>> = {
  pingIntervalSeconds: key(duration, 'client.ping_interval', limits.pingIntervalSeconds),
  pongTimeoutSeconds: key(duration, 'client.pong_timeout', limits.pongTimeoutSeconds),
  staleCloseDelaySeconds: key(duration, 'client.stale_close_delay', limits.staleCloseDelaySeconds),
  expiredCloseDelaySeconds: key(
    duration,
    ['client.expired_close_delay', 'client.expired_sub_close_delay'],
    limits.expiredCloseDelaySeconds,
  ),
  channelLimit: key(integer, 'client.channel_limit', limits.channelLimit),
  channelMaxLength: key(integer, 'channel.max_length', limits.channelMaxLength),
  queueMaxSize: key(integer, 'client.queue_max_size', limits.queueMaxSize),
  messageSizeLimit: key(integer, 'websocket.message_size_limit', limits.messageSizeLimit),
  writeTimeoutSeconds: key(duration, 'websocket.write_timeout', limits.writeTimeoutSeconds),
  requestBodySizeLimit: key(
    integer,
    ['http_stream.max_request_body_size', 'sse.max_request_body_size', 'emulation.max_request_body_size'],
    limits.requestBodySizeLimit,
  ),
  userConnectionLimit: key(integer, 'client.user_connection_limit'),
  connectionLimit: key(integer, 'client.connection_limit'),
  historyMaxPublicationLimit: key(integer, 'client.history_max_publication_limit', limits.historyMaxPublicationLimit),
  recoveryMaxPublicationLimit: key(
    integer,
    'client.recovery_max_publication_limit',
    limits.recoveryMaxPublicationLimit,
  ),
  allowAnonymousConnectWithoutToken: key(boolean, 'client.allow_anonymous_connect_without_token'),
  insecure: key(boolean, 'client.insecure'),
  connectIncludeServerTime: key(boolean, 'client.connect_include_server_time'),
  closeTimeoutSeconds: hubOnly,
  commandRateLimit: hubOnly,
}

/** Below `client.subscribe_to_user_personal_channel`, beside `enabled`. */
export const personalChannelKeys: KeysOf<NonNullable<ClientOptions['userPersonalChannel']>> = {
  namespace: key(string, 'personal_channel_namespace'),
  isSingleConnection: key(boolean, 'single_connection'),
}

type Sections = 'client' | 'token' | 'subscriptionToken' | 'namespaces' | 'withoutNamespace'

export const hubKeys: KeysOf<Omit<HubOptions, Sections>> = {
  allowedOrigins: key(stringList, 'client.allowed_origins'),
  historyMetaTtlSeconds: key(wholeSeconds, 'channel.history_meta_ttl', thirtyDays),
  name: key(string, 'node.name'),
  checkOrigin: hubOnly,
  rpc: hubOnly,
  idempotencyWindowSeconds: hubOnly,
  idempotencyMaxEntries: hubOnly,
  tokenMaxLifetimeSeconds: hubOnly,
  timerTickMilliseconds: hubOnly,
  logger: hubOnly,
}

const server = serverDefaults

export const serverKeys: KeysOf<ServerOptions> = {
  address: key(string, 'http_server.address'),
  // Here a zero is a zero: any free port.
  port: key(port, 'http_server.port'),
  internalAddress: key(string, 'http_server.internal_address'),
  internalPort: key(portText, 'http_server.internal_port'),
  isWebSocketDisabled: key(boolean, 'websocket.disabled'),
  webSocketPath: key(path, 'websocket.handler_prefix', server.webSocketPath),
  hasHttpStream: key(boolean, 'http_stream.enabled'),
  httpStreamPath: key(path, 'http_stream.handler_prefix', server.httpStreamPath),
  hasSse: key(boolean, 'sse.enabled'),
  ssePath: key(path, 'sse.handler_prefix', server.ssePath),
  emulationPath: key(path, 'emulation.handler_prefix', server.emulationPath),
  isApiDisabled: key(boolean, 'http_api.disabled'),
  apiPath: key(path, 'http_api.handler_prefix', server.apiPath),
  apiKey: key(secret, 'http_api.key'),
  isApiInsecure: key(boolean, 'http_api.insecure'),
  isApiExternal: key(boolean, 'http_api.external'),
  apiErrorMode: key(choice('transport'), 'http_api.error_mode'),
  hasMetrics: key(boolean, 'prometheus.enabled'),
  metricsPath: key(path, 'prometheus.handler_prefix', server.metricsPath),
  hasHealth: key(boolean, 'health.enabled'),
  healthPath: key(path, 'health.handler_prefix', server.healthPath),
  logLevel: key(choice(...logLevels), 'log.level', server.logLevel),
  shutdownTimeoutSeconds: key(duration, 'shutdown.timeout', server.shutdownTimeoutSeconds),
}
