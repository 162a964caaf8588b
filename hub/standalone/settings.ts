import { resolveOptions } from '../options-resolve.ts'
import type { ChannelOptions, ClientOptions, HubOptions, Namespace, TokenOptions } from '../options.ts'
import { ConfigReader, type Origins, type Report } from './config-reader.ts'
import { channelKeys, clientKeys, hubKeys, personalChannelKeys, serverKeys, tokenKeys } from './keys.ts'
import { boolean, integer } from './kinds.ts'
import { type Environment, type Flags, withOverrides } from './overrides.ts'
import { checkRules } from './rules.ts'
import type { ServerOptions } from './server-options.ts'
import { isTree, type Tree, valueAt } from './tree.ts'
import { channelFeatures, reportUnsupported, unsupportedChannelKeys, unsupportedKeys } from './unsupported.ts'

export type Settings = { hub: HubOptions; server: ServerOptions }

/** `settings` is undefined if there are mistakes. Neither list shows a secret. */
export type Reading = Report & { settings: Settings | undefined }

/** What is not in the file: flags win over the environment, and that over the file. */
export type Overrides = { environment?: Environment; flags?: Flags }

/** Reads a configuration of Centrifugo's, and lists at once all that is wrong with it. */
export function readSettings(config: unknown, { environment = {}, flags = {} }: Overrides = {}): Reading {
  if (!isTree(config))
    return { mistakes: ['The configuration must be a JSON object.'], warnings: [], settings: undefined }
  const { tree, origins, unused } = withOverrides(config, flags, environment)
  const report: Report = { mistakes: [], warnings: [] }
  const reader = new ConfigReader({ tree, origins }, report)
  const settings = { hub: readHub(reader, { tree, origins }, report), server: reader.section(serverKeys) }
  reportUnsupported(tree, reader, unsupportedKeys, report)
  report.warnings.push(...unused.map((name) => `${name} is not supported and is ignored.`))
  // A value that could not be read is absent now, which is no second mistake.
  const isUnread = (path: string) => report.mistakes.some((mistake) => mistake.startsWith(path))
  const broken = checkRules(settings.hub).filter(({ about }) => !about.some(isUnread))
  report.mistakes.push(...broken.map(({ mistake }) => mistake))
  if (report.mistakes.length === 0) report.mistakes.push(...objectionsOfTheHub(settings.hub))
  return { ...report, settings: report.mistakes.length === 0 ? settings : undefined }
}

type Whole = { tree: Tree; origins: Origins }

function readHub(reader: ConfigReader, whole: Whole, report: Report): HubOptions {
  const hub: HubOptions = { ...reader.section(hubKeys), client: readClient(reader) }
  const token = readToken(reader, 'client.token.', report)
  if (token) hub.token = token
  const subscriptionToken = readSubscriptionToken(reader, report)
  if (subscriptionToken) hub.subscriptionToken = subscriptionToken
  const format = reader.section({ publicationDataFormat: channelKeys.publicationDataFormat }, 'channel.')
  hub.namespaces = readNamespaces(reader, whole, report).map((namespace) => ({ ...format, ...namespace }))
  hub.withoutNamespace = { ...format, ...readWithoutNamespace(reader, whole, report) }
  return hub
}

function readClient(reader: ConfigReader): ClientOptions {
  const client: ClientOptions = reader.section(clientKeys)
  const prefix = 'client.subscribe_to_user_personal_channel.'
  const personal = reader.section(personalChannelKeys, prefix)
  if (reader.value(`${prefix}enabled`, boolean)) client.userPersonalChannel = personal
  return client
}

/** Undefined when there is no key. */
function readToken(reader: ConfigReader, prefix: string, report: Report): TokenOptions | undefined {
  const token = reader.section(tokenKeys, prefix)
  const validUntil = reader.value(`${prefix}hmac_previous_secret_key_valid_until`, integer)
  if (validUntil && token.hmacPreviousSecretKey !== undefined) {
    if (validUntil * 1000 <= Date.now()) delete token.hmacPreviousSecretKey
    else {
      const name = `${prefix}hmac_previous_secret_key_valid_until`
      report.warnings.push(`${name} is looked at when the hub starts: restart it then, or the previous key stays good.`)
    }
  }
  return hasKey(token) ? token : undefined
}

const hasKey = ({ hmacSecretKey, rsaPublicKey, ecdsaPublicKey }: TokenOptions) =>
  Boolean(hmacSecretKey ?? rsaPublicKey ?? ecdsaPublicKey)

function readSubscriptionToken(reader: ConfigReader, report: Report): TokenOptions | undefined {
  const section = 'client.subscription_token'
  const isEnabled = reader.value(`${section}.enabled`, boolean)
  const token = readToken(reader, `${section}.`, report)
  if (!isEnabled) {
    reader.pass(section)
    return undefined
  }
  // The hub would accept connection tokens' keys instead, which is more than was asked for.
  if (!token)
    report.mistakes.push(`${section} is enabled and needs a key: hmac_secret_key, rsa_public_key or ecdsa_public_key.`)
  return token
}

function readWithoutNamespace(reader: ConfigReader, { tree, origins }: Whole, report: Report): ChannelOptions {
  const path = 'channel.without_namespace'
  // Its absence means that every option is off, not that there are no such channels.
  const own = objectAt(reader, tree, path, report)
  return own ? readChannelOptions({ tree: own, origins, prefix: `${path}.` }, 'without a namespace', report) : {}
}

function readNamespaces(reader: ConfigReader, { tree, origins }: Whole, report: Report): Namespace[] {
  const path = 'channel.namespaces'
  reader.known.add(path)
  const list = valueAt(tree, path) ?? []
  if (!Array.isArray(list) || !list.every(isTree)) {
    report.mistakes.push(`${path} must be a list of objects.`)
    return []
  }
  return list.flatMap((each, index) => {
    const { name } = each
    if (typeof name !== 'string') {
      report.mistakes.push(`${path}[${index}].name must be text.`)
      return []
    }
    const part = { tree: each, origins, prefix: `${path}.${name}.` }
    return [{ name, ...readChannelOptions(part, `of the namespace "${name}"`, report) }]
  })
}

function readChannelOptions(part: Whole & { prefix: string }, whose: string, report: Report): ChannelOptions {
  const reader = new ConfigReader(part, report)
  reader.known.add('name')
  const options: ChannelOptions = reader.section(channelKeys)
  // Without history there is nothing to recover from; the hub would refuse what Centrifugo lets pass.
  if (!options.historySize) delete options.allowRecovery
  const missing = Object.entries(channelFeatures).filter(([path, rule]) => !rule.isDefault(part.tree[path] ?? null))
  if (missing.length === 0) reportUnsupported(part.tree, reader, unsupportedChannelKeys, report)
  else {
    const names = missing.map(([path]) => reader.name(path)).join(' and ')
    report.warnings.push(`The channels ${whose} are not available: ${names} is not supported.`)
    options.isNotAvailable = true
  }
  return options
}

function objectAt(reader: ConfigReader, tree: Tree, path: string, report: Report): Tree | undefined {
  reader.known.add(path)
  const value = valueAt(tree, path)
  if (value === undefined || value === null || isTree(value)) return value ?? undefined
  report.mistakes.push(`${path} must be an object.`)
  return undefined
}

/** The hub has the last word: what it refuses must not be found out when it is made. */
function objectionsOfTheHub(hub: HubOptions): string[] {
  try {
    resolveOptions(hub)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
