import { clientDefaults } from '../options-resolve.ts'
import type { ChannelOptions, ClientOptions, HubOptions, Namespace } from '../options.ts'
import { thirtyDays } from './keys.ts'

/** A rule that is broken, and the beginnings of the paths of the values that break it. */
export type Broken = { about: string[]; mistake: string }

/** What Centrifugo asks of values that belong together, in the words of its keys. */
export function checkRules(hub: HubOptions): Broken[] {
  const { namespaces = [], withoutNamespace = {}, historyMetaTtlSeconds = thirtyDays } = hub
  const ofChannels = (options: ChannelOptions, where: string) =>
    channelMistakes(options, historyMetaTtlSeconds).map((mistake) => broken(where, mistake))
  return [
    ...pingMistakes(hub.client ?? {}),
    ...nameMistakes(namespaces),
    ...namespaces.flatMap((each) => ofChannels(each, `channel.namespaces.${each.name}`)),
    ...ofChannels(withoutNamespace, 'channel.without_namespace'),
    ...personalChannelMistakes(hub),
  ]
}

const broken = (where: string, mistake: string): Broken => ({ about: [where], mistake: `${where}: ${mistake}.` })

function pingMistakes({ pingIntervalSeconds, pongTimeoutSeconds }: ClientOptions): Broken[] {
  const interval = pingIntervalSeconds ?? clientDefaults.pingIntervalSeconds
  const timeout = pongTimeoutSeconds ?? clientDefaults.pongTimeoutSeconds
  if (timeout < interval) return []
  const mistake = `client.pong_timeout (${timeout}s) must be less than client.ping_interval (${interval}s).`
  return [{ about: ['client.pong_timeout', 'client.ping_interval'], mistake }]
}

function nameMistakes(namespaces: Namespace[]): Broken[] {
  const names = namespaces.map(({ name }) => name)
  const wrong = names.filter((name) => !/^[-a-zA-Z0-9_.]{2,}$/.test(name))
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index))
  const mistakes = [
    ...wrong.map((name) => `the name "${name}" must be two or more letters, digits, "-", "_" and "."`),
    ...Array.from(twice, (name) => `the name "${name}" is there twice`),
  ]
  return mistakes.map((mistake) => ({ about: [], mistake: `channel.namespaces: ${mistake}.` }))
}

function channelMistakes(options: ChannelOptions, globalMetaTtl: number): string[] {
  const { historySize = 0, historyTtlSeconds = 0, historyMetaTtlSeconds = globalMetaTtl } = options
  const mistakes: string[] = []
  if (historySize > 0 !== historyTtlSeconds > 0) mistakes.push('history_size and history_ttl need each other')
  if (historyTtlSeconds > historyMetaTtlSeconds) {
    mistakes.push(`history_ttl (${historyTtlSeconds}s) must not exceed history_meta_ttl (${historyMetaTtlSeconds}s)`)
  }
  if (options.forceRecovery && historySize === 0) mistakes.push('force_recovery needs history_size and history_ttl')
  if (options.autoCacheRecover && !(options.forceRecovery && options.forceRecoveryMode === 'cache')) {
    mistakes.push('auto_cache_recover needs force_recovery and force_recovery_mode "cache"')
  }
  return mistakes
}

function personalChannelMistakes({ client, namespaces = [], withoutNamespace }: HubOptions): Broken[] {
  const personal = client?.userPersonalChannel
  if (!personal) return []
  const where = 'client.subscribe_to_user_personal_channel'
  const { namespace, isSingleConnection } = personal
  const options = namespace === undefined ? withoutNamespace : namespaces.find(({ name }) => name === namespace)
  if (!options) return [broken(where, `there is no namespace "${namespace}"`)]
  const lacksPresence = isSingleConnection && !options.presence
  return lacksPresence ? [broken(where, 'single_connection needs presence in its namespace')] : []
}
