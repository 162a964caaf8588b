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

export type TokenOptions = {
  hmacSecretKey: string
  /** Still accepted while tokens signed with it live. */
  hmacPreviousSecretKey?: string
  /** Default: HS256 alone. */
  algorithms?: Array<'HS256' | 'HS384' | 'HS512'>
  audience?: string
  issuer?: string
}

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
  /** Connect without a token, as the anonymous user. Default false. */
  allowAnonymousConnectWithoutToken?: boolean
}

export type HubOptions = {
  token: TokenOptions
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

type AllOf<T> = { [K in keyof T]-?: T[K] }
export type ResolvedClientOptions = AllOf<ClientOptions>

export const clientDefaults: ResolvedClientOptions = {
  pingIntervalSeconds: 25,
  pongTimeoutSeconds: 8,
  staleCloseDelaySeconds: 10,
  expiredCloseDelaySeconds: 25,
  closeTimeoutSeconds: 5,
  channelLimit: 128,
  channelMaxLength: 255,
  queueMaxSize: 1024 * 1024,
  messageSizeLimit: 65_536,
  userConnectionLimit: 0,
  connectionLimit: 0,
  commandRateLimit: 0,
  historyMaxPublicationLimit: 300,
  recoveryMaxPublicationLimit: 300,
  allowAnonymousConnectWithoutToken: false,
}

const nothing = () => {}
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** Fills in the defaults and lists all mistakes at once. */
export function resolveOptions(options: HubOptions) {
  const client: ResolvedClientOptions = { ...clientDefaults, ...definedOnly(options.client ?? {}) }
  const mistakes = [
    ...clientMistakes(client),
    ...(options.token.hmacSecretKey ? [] : ['token.hmacSecretKey is empty']),
    ...(options.checkOrigin && options.allowedOrigins ? ['checkOrigin and allowedOrigins exclude each other'] : []),
    ...namespaceMistakes(options.namespaces ?? []),
    ...channelMistakes('withoutNamespace', options.withoutNamespace ?? {}),
  ]
  if (mistakes.length > 0) throw new Error(`The hub's options are wrong: ${mistakes.join('; ')}.`)
  return {
    token: options.token,
    namespaces: new Map((options.namespaces ?? []).map((namespace) => [namespace.name, namespace])),
    withoutNamespace: options.withoutNamespace,
    client,
    checkOrigin: options.checkOrigin,
    allowedOrigins: options.allowedOrigins ?? [],
    idempotencyWindowSeconds: options.idempotencyWindowSeconds ?? 300,
    idempotencyMaxEntries: options.idempotencyMaxEntries ?? 100_000,
    historyMetaTtlSeconds: options.historyMetaTtlSeconds ?? 30 * 24 * 3600,
    tokenMaxLifetimeSeconds: options.tokenMaxLifetimeSeconds ?? 2 * 3600,
    timerTickMilliseconds: options.timerTickMilliseconds ?? 50,
    name: options.name ?? 'hub',
    logger: options.logger ?? silentLogger,
  }
}

export type ResolvedOptions = ReturnType<typeof resolveOptions>

function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}

function clientMistakes(client: ResolvedClientOptions): string[] {
  const mistakes: string[] = []
  for (const [key, value] of Object.entries(client)) {
    if (typeof value === 'number' && !(value >= 0)) mistakes.push(`client.${key} is not a number from 0 on`)
  }
  if (client.pongTimeoutSeconds >= client.pingIntervalSeconds) {
    mistakes.push('client.pongTimeoutSeconds is not below client.pingIntervalSeconds')
  }
  return mistakes
}

function namespaceMistakes(namespaces: Namespace[]): string[] {
  const seen = new Set<string>()
  return namespaces.flatMap((namespace) => {
    const mistakes = channelMistakes(`namespace ${namespace.name}`, namespace)
    if (!/^[-a-zA-Z0-9_.]{2,}$/.test(namespace.name)) mistakes.push(`namespace ${namespace.name} is no valid name`)
    if (seen.has(namespace.name)) mistakes.push(`namespace ${namespace.name} is there twice`)
    seen.add(namespace.name)
    return mistakes
  })
}

function channelMistakes(where: string, options: ChannelOptions): string[] {
  const mistakes: string[] = []
  const { historySize = 0, historyTtlSeconds = 0 } = options
  if (!(historySize >= 0) || !(historyTtlSeconds >= 0) || historySize > 0 !== historyTtlSeconds > 0) {
    mistakes.push(`${where}: historySize and historyTtlSeconds need each other`)
  }
  if ((options.forceRecovery || options.allowRecovery) && historySize === 0) {
    mistakes.push(`${where}: recovery needs history`)
  }
  return mistakes
}
