import { globMatcher } from './glob.ts'
import type { ChannelOptions, ClientOptions, HubOptions, Logger, Namespace, TokenOptions } from './options.ts'

type AllOf<T> = { [K in keyof T]-?: T[K] }
export type ResolvedClientOptions = Omit<AllOf<ClientOptions>, 'userPersonalChannel'> &
  Record<'userPersonalChannel', ClientOptions['userPersonalChannel']>

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
  requestBodySizeLimit: 65_536,
  writeTimeoutSeconds: 1,
  allowAnonymousConnectWithoutToken: false,
  insecure: false,
  connectIncludeServerTime: false,
  userPersonalChannel: undefined,
}

const nothing = () => {}
export const silentLogger: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/** A log that cannot be written is no reason to end connections. */
function harmless(logger: Logger): Logger {
  const quietly =
    (level: keyof Logger): Logger['info'] =>
    (fields, message) => {
      try {
        logger[level](fields, message)
      } catch {
        // Where would one say so?
      }
    }
  return { debug: quietly('debug'), info: quietly('info'), warn: quietly('warn'), error: quietly('error') }
}

/** Fills in the defaults and lists all mistakes at once. */
export function resolveOptions(options: HubOptions) {
  const client: ResolvedClientOptions = { ...clientDefaults, ...definedOnly(options.client ?? {}) }
  const mistakes = [
    ...clientMistakes(client),
    ...tokenMistakes('token', options.token),
    ...tokenMistakes('subscriptionToken', options.subscriptionToken),
    ...(options.checkOrigin && options.allowedOrigins ? ['checkOrigin and allowedOrigins exclude each other'] : []),
    ...namespaceMistakes(options.namespaces ?? []),
    ...channelMistakes('withoutNamespace', options.withoutNamespace ?? {}),
  ]
  if (mistakes.length > 0) throw new Error(`The hub's options are wrong: ${mistakes.join('; ')}.`)
  return {
    token: options.token,
    subscriptionToken: options.subscriptionToken ?? options.token,
    rpc: options.rpc && new Map(Object.entries(options.rpc)),
    namespaces: new Map((options.namespaces ?? []).map((namespace) => [namespace.name, namespace])),
    withoutNamespace: options.withoutNamespace,
    client,
    checkOrigin: options.checkOrigin,
    isListedOrigin: anyOf(options.allowedOrigins ?? []),
    idempotencyWindowSeconds: options.idempotencyWindowSeconds ?? 300,
    idempotencyMaxEntries: options.idempotencyMaxEntries ?? 100_000,
    historyMetaTtlSeconds: options.historyMetaTtlSeconds ?? 30 * 24 * 3600,
    tokenMaxLifetimeSeconds: options.tokenMaxLifetimeSeconds ?? 2 * 3600,
    timerTickMilliseconds: options.timerTickMilliseconds ?? 50,
    name: options.name ?? 'hub',
    logger: options.logger ? harmless(options.logger) : silentLogger,
  }
}

export type ResolvedOptions = ReturnType<typeof resolveOptions>

function anyOf(patterns: string[]): (text: string) => boolean {
  const matchers = patterns.map((pattern) => globMatcher(pattern.toLowerCase()))
  return (text) => matchers.some((matches) => matches(text))
}

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

function tokenMistakes(where: string, options: TokenOptions | undefined): string[] {
  if (!options) return []
  const hasKey = options.hmacSecretKey || options.rsaPublicKey || options.ecdsaPublicKey
  if (options.hmacSecretKey === '') return [`${where}.hmacSecretKey is empty`]
  return hasKey ? [] : [`${where} has no key`]
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
  if (options.channelRegex !== undefined && !isRegex(options.channelRegex)) {
    mistakes.push(`${where}: channelRegex is no regular expression`)
  }
  return mistakes
}

function isRegex(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp
  } catch {
    return false
  }
}
