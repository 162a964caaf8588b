import type { ChannelOptions, HubOptions } from '../options.ts'
import {
  channelKeys,
  clientKeys,
  hubKeys,
  hubOnly,
  type Key,
  type KeysOf,
  personalChannelKeys,
  serverKeys,
  tokenKeys,
} from './keys.ts'
import type { ServerOptions } from './server-options.ts'
import { setAt, type Tree } from './tree.ts'

/**
 * The same options as Centrifugo's configuration file has them, secrets included. What Centrifugo has no key for
 * (`rpc`, `checkOrigin`, `commandRateLimit`, …) is left out, and channels without a namespace exist there in any case.
 * Throws where Centrifugo would understand something else: it takes a zero for the default.
 */
export function centrifugoConfig(hub: HubOptions, server: ServerOptions = {}): Tree {
  const config: Tree = {}
  write(config, serverKeys, server)
  write(config, hubKeys, hub)
  const { userPersonalChannel, ...client } = hub.client ?? {}
  write(config, clientKeys, client)
  if (userPersonalChannel) {
    writeEnabled(config, 'client.subscribe_to_user_personal_channel', personalChannelKeys, userPersonalChannel)
  }
  if (hub.token) write(config, tokenKeys, hub.token, 'client.token.')
  if (hub.subscriptionToken) writeEnabled(config, 'client.subscription_token', tokenKeys, hub.subscriptionToken)
  if (hub.withoutNamespace) setAt(config, 'channel.without_namespace', channelConfig(hub.withoutNamespace))
  if (hub.namespaces) {
    const namespaces = hub.namespaces.map(({ name, ...options }) => ({ name, ...channelConfig(options) }))
    setAt(config, 'channel.namespaces', namespaces)
  }
  return config
}

function channelConfig(options: ChannelOptions): Tree {
  const config: Tree = {}
  write(config, channelKeys, options)
  return config
}

function writeEnabled<T>(config: Tree, section: string, keys: KeysOf<T>, options: T): void {
  setAt(config, `${section}.enabled`, true)
  write(config, keys, options, `${section}.`)
}

function write<T>(config: Tree, keys: KeysOf<T>, options: T, prefix = ''): void {
  for (const option in keys) {
    const key: Key<NonNullable<T[typeof option]>> | typeof hubOnly = keys[option]
    const value = options[option]
    if (key === hubOnly || value === undefined || value === null) continue
    for (const path of key.paths) {
      if (value === 0 && key.default !== undefined) throw new Error(`Centrifugo has no zero for ${prefix}${path}.`)
      setAt(config, prefix + path, key.kind.write(value))
    }
  }
}
