import type { IncomingMessage } from 'node:http'

/** Pino's shape: what happened, as fields, and a sentence. Payloads and tokens are never logged. */
export type Logger = Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>

/** What clients may do in the channels of one namespace. Everything is off unless said otherwise. */
export type ChannelOptions = {
  /** Keep who is subscribed. */
  presence?: boolean
  /** Announce who subscribes and unsubscribes to those who ask for it and may see presence. */
  joinLeave?: boolean
  /** Announce it to every subscriber, unasked. */
  forcePushJoinLeave?: boolean
  /** How many publications are kept. Needs `historyTtlSeconds`. */
  historySize?: number
  /** How long they are kept after the last one. */
  historyTtlSeconds?: number
  /** Every subscription knows its position and is ended with 2500 when it misses a publication. */
  forcePositioning?: boolean
  allowPositioning?: boolean
  /** Every subscription may catch up after a break. Needs history. */
  forceRecovery?: boolean
  allowRecovery?: boolean
  /** `stream` (the default) brings everything that was missed, `cache` the latest publication alone. */
  forceRecoveryMode?: 'stream' | 'cache'
  /** With `cache`: every subscription starts with the latest publication, unasked. */
  autoCacheRecover?: boolean
  /** Subscribers may ask for the difference to the publication before instead of the whole. Needs history. */
  allowedDeltaTypes?: Array<'fossil'>
  /** Publications of this namespace are sent as differences to those who asked. */
  deltaPublish?: boolean
  /** Subscribers may say by tags which publications they want. */
  allowTagsFilter?: boolean
  /** What a publication must be: any JSON value or any bytes (`''`), JSON, a JSON object, or bytes, which may be empty. */
  publicationDataFormat?: '' | 'json' | 'json_object' | 'binary'
  /** How long a channel without publications or readers keeps its epoch and offset. Default: the hub's. */
  historyMetaTtlSeconds?: number
  /**
   * What follows the namespace's colon must match it. Without one, names are ASCII. JavaScript's expressions may
   * backtrack without end where Centrifugo's do not: `^([a-z]+)+$` does.
   */
  channelRegex?: string
  /** The namespace needs a feature that this hub does not have: everything in it is answered with error 108. */
  isNotAvailable?: boolean
  /** Subscribing without a token. */
  allowSubscribeForClient?: boolean
  allowSubscribeForAnonymous?: boolean
  /** `name:topic#1,2`: the users with the ids 1 and 2 may subscribe without a token. */
  allowUserLimitedChannels?: boolean
  allowPublishForClient?: boolean
  allowPublishForSubscriber?: boolean
  allowPublishForAnonymous?: boolean
  allowHistoryForClient?: boolean
  allowHistoryForSubscriber?: boolean
  allowHistoryForAnonymous?: boolean
  allowPresenceForClient?: boolean
  allowPresenceForSubscriber?: boolean
  allowPresenceForAnonymous?: boolean
}

/** The options of all channels `<name>:…`. */
export type Namespace = ChannelOptions & { name: string }

/** At least one key. Tokens signed with any of them are good. */
export type TokenOptions = {
  /** For HS256, HS384 and HS512. */
  hmacSecretKey?: string
  /** Still accepted while tokens signed with it live. */
  hmacPreviousSecretKey?: string
  /** PEM, for RS256, RS384 and RS512. */
  rsaPublicKey?: string
  /** PEM, for ES256, ES384 and ES512, by the key's curve. */
  ecdsaPublicKey?: string
  /** Default: all that the keys are for. */
  algorithms?: TokenAlgorithm[]
  audience?: string
  issuer?: string
}

export type TokenAlgorithm = 'HS256' | 'HS384' | 'HS512' | 'RS256' | 'RS384' | 'RS512' | 'ES256' | 'ES384' | 'ES512'

export type ClientOptions = {
  /** Between pings, default 25; the first comes after half to all of it. */
  pingIntervalSeconds?: number
  /** For the answer to a ping, default 8; less than the interval. */
  pongTimeoutSeconds?: number
  /** From opening a socket to a successful connect, default 10. */
  staleCloseDelaySeconds?: number
  /** From the expiry of a connection or a subscription to its end, for a refresh that is late. Default 25. */
  expiredCloseDelaySeconds?: number
  /** Until a socket is dropped whose other side neither closes nor reads. Default 5. */
  closeTimeoutSeconds?: number
  /** Channels of one client, default 128. */
  channelLimit?: number
  /** Bytes of a channel's name, default 255. */
  channelMaxLength?: number
  /** Bytes that may wait for one client, default 1 MiB; a slower reader is disconnected with 3008. */
  queueMaxSize?: number
  /** Bytes of one incoming frame, default 65536; a longer one closes the socket with 1009. */
  messageSizeLimit?: number
  /** Connections of one user, default 0: no limit. */
  userConnectionLimit?: number
  /** Connections of the process, default 0: no limit. One more is refused with 503. */
  connectionLimit?: number
  /** Commands per second of one client, averaged over ten seconds; default 0: no limit. Above it: 3013. */
  commandRateLimit?: number
  /** Publications in one answer to `history`, default 300. */
  historyMaxPublicationLimit?: number
  /** Publications in one recovery, default 300; 0: no limit. */
  recoveryMaxPublicationLimit?: number
  /** Bytes of the body of one HTTP request of a client, default 65536; a longer one is answered with 413. */
  requestBodySizeLimit?: number
  /** For the other side to take a part of what was written, default 1; then the connection ends with 3009. 0: no limit. */
  writeTimeoutSeconds?: number
  /** Connect without a token, as the anonymous user. Default false. */
  allowAnonymousConnectWithoutToken?: boolean
  /** For tests and demos alone: no token is needed, nothing expires, everybody may do everything. Default false. */
  insecure?: boolean
  /** The reply to connect tells the server's time. Default false. */
  connectIncludeServerTime?: boolean
  /** Subscribes every user at connect to a channel of his own, `<namespace>:#<user>`, or `#<user>`. Default: not. */
  userPersonalChannel?: { namespace?: string; isSingleConnection?: boolean }
}

/** Answers a client's `rpc`; what it throws as a `HubError` is the error reply. */
export type RpcHandler = (caller: { user: string; client: string }, data: unknown) => unknown

export type HubOptions = {
  /** Without it, nobody connects but anonymous users, where they are allowed. */
  token?: TokenOptions
  /** Keys of subscription tokens, where they have their own. */
  subscriptionToken?: TokenOptions
  namespaces?: Namespace[]
  /** Channels whose name has no colon. Without this there are none. */
  withoutNamespace?: ChannelOptions
  client?: ClientOptions
  /**
   * May a page of this origin connect? Asked only when the request has an Origin: what has none is no browser, and
   * tokens, not cookies, tell who connects. Default: no origin.
   */
  checkOrigin?: (request: IncomingMessage) => boolean
  /** Instead of `checkOrigin`: patterns of whole origins, in lower case, `*` for anything. */
  allowedOrigins?: string[]
  /** The methods that clients may call. Without any, `rpc` is answered with error 108. */
  rpc?: Record<string, RpcHandler>
  /** How long a publish with the same idempotency key is answered and not repeated. Default 300. */
  idempotencyWindowSeconds?: number
  /** How many such answers are kept at most, the newest half of them for sure. Default 100,000. */
  idempotencyMaxEntries?: number
  /** How long a channel without publications or readers keeps its epoch and offset. Default 30 days. */
  historyMetaTtlSeconds?: number
  /** The longest life of a token: a revocation is forgotten that long after `issuedBefore`. Default 2 h. */
  tokenMaxLifetimeSeconds?: number
  /** The resolution of all timers, default 50. */
  timerTickMilliseconds?: number
  /** Shown by `info()`. */
  name?: string
  logger?: Logger
}
