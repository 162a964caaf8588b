import { boolean } from './kinds.ts'
import { isTree, setAt, type Tree, valueAt } from './tree.ts'
import {
  channelKeys,
  clientKeys,
  hubKeys,
  hubOnly,
  type Key,
  personalChannelKeys,
  serverKeys,
  tokenKeys,
} from './keys.ts'
import { unsupportedChannelKeys, type UnsupportedKeys, unsupportedKeys } from './unsupported.ts'

export type Environment = Record<string, string | undefined>
/** Values by the paths that they are set at. */
export type Flags = Record<string, string>

type Settable = { path: string; isSwitch: boolean }

const settableIn = (keys: object, prefix = ''): Settable[] =>
  Object.values(keys as Record<string, Key<unknown> | typeof hubOnly>).flatMap((key) =>
    key === hubOnly
      ? []
      : key.paths.map((path) => ({ path: prefix + path, isSwitch: key.kind === (boolean as unknown) })),
  )

const settableIgnored = (keys: UnsupportedKeys, prefix = ''): Settable[] =>
  Object.entries(keys).flatMap(([path, { keys: below, isSwitch = false }]) =>
    below
      ? below.map((each) => ({ path: `${prefix}${path}.${each}`, isSwitch: each !== 'type' }))
      : [{ path: prefix + path, isSwitch }],
  )

const settableOfChannels = (prefix = '') => [
  ...settableIn(channelKeys, prefix),
  ...settableIgnored(unsupportedChannelKeys, prefix),
]

const personal = 'client.subscribe_to_user_personal_channel'
const token = 'client.token'
const subscriptionToken = 'client.subscription_token'

/** Everything that a flag or an environment variable can set, but what is set for one namespace. */
export const settable: readonly Settable[] = [
  ...settableIn(serverKeys),
  ...settableIn(hubKeys),
  ...settableIn(clientKeys),
  ...settableIn(tokenKeys, `${token}.`),
  ...settableIn(tokenKeys, `${subscriptionToken}.`),
  ...settableIn(personalChannelKeys, `${personal}.`),
  ...settableOfChannels('channel.without_namespace.'),
  ...settableIgnored(unsupportedKeys),
  ...[`${subscriptionToken}.enabled`, `${personal}.enabled`].map((path) => ({ path, isSwitch: true })),
  ...[
    `${token}.hmac_previous_secret_key_valid_until`,
    `${subscriptionToken}.hmac_previous_secret_key_valid_until`,
    'channel.publication_data_format',
    'channel.namespaces',
  ].map((path) => ({ path, isSwitch: false })),
]

const variableOf = (path: string) => `CENTRIFUGO_${path.replaceAll(/[.-]/g, '_').toUpperCase()}`

/** The cluster manager's own variables about a service named Centrifugo, and those that only other variables quote. */
const isForeign = (name: string) =>
  /^CENTRIFUGO(_[A-Z0-9_]+)?_(PORT|SERVICE_)/.test(name) || name.startsWith('CENTRIFUGO_VAR_')

/** The file's values with those of flags and environment above them, and where each of these came from. */
export function withOverrides(file: Tree, flags: Flags, environment: Environment) {
  const tree = structuredClone(file)
  const origins = new Map<string, string>()
  const set = (target: { tree: Tree; prefix: string }, path: string, { text, origin }: Override) => {
    setAt(target.tree, path, path === 'channel.namespaces' ? parsed(text) : text)
    origins.set(target.prefix + path, origin)
  }
  const used = new Set<string>()
  const setFromVariable = (target: { tree: Tree; prefix: string }, path: string) => {
    const origin = variableOf(target.prefix + path)
    const text = environment[origin]
    if (text === undefined) return
    used.add(origin)
    set(target, path, { text, origin })
  }

  for (const { path } of settable) setFromVariable({ tree, prefix: '' }, path)
  for (const namespace of namespacesOf(tree))
    for (const { path } of settableOfChannels()) setFromVariable(namespace, path)
  for (const [path, text] of Object.entries(flags)) set({ tree, prefix: '' }, path, { text, origin: `--${path}` })

  const unused = Object.keys(environment).filter(
    (name) => name.startsWith('CENTRIFUGO_') && !used.has(name) && !isForeign(name),
  )
  return { tree, origins, unused }
}

type Override = { text: string; origin: string }

function namespacesOf(tree: Tree): Array<{ tree: Tree; prefix: string }> {
  const namespaces = valueAt(tree, 'channel.namespaces')
  if (!Array.isArray(namespaces)) return []
  return namespaces.filter(isTree).flatMap((namespace) => {
    const { name } = namespace
    return typeof name === 'string' ? [{ tree: namespace, prefix: `channel.namespaces.${name}.` }] : []
  })
}

/** What is no JSON stays the text that it is, which whoever reads it will refuse. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
