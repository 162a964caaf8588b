import type { ResolvedOptions } from './options-resolve.ts'
import type { ChannelOptions } from './options.ts'

/** A channel with this prefix can only be subscribed to with a token. */
const privatePrefix = '$'

/** The options of a channel's namespace, or undefined when there is no such namespace. */
export function channelOptions(options: ResolvedOptions, channel: string): ChannelOptions | undefined {
  const start = channel.startsWith(privatePrefix) ? 1 : 0
  const colon = channel.indexOf(':', start)
  return colon === -1 ? options.withoutNamespace : options.namespaces.get(channel.slice(start, colon))
}

/** Without a rule of its namespace, a channel's name is ASCII. */
export function isWellNamed(channel: string, { channelRegex }: ChannelOptions): boolean {
  if (!channelRegex) return /^[\0-\x7f]*$/.test(channel)
  return compiled(channelRegex).test(channel.slice(channel.indexOf(':') + 1))
}

/** Of the configuration: there are few. */
const patterns = new Map<string, RegExp>()

/** Only without the flag `u` can V8 give up backtracking, which a client could make endless by a name. */
function compiled(source: string): RegExp {
  let pattern = patterns.get(source)
  if (!pattern) patterns.set(source, (pattern = new RegExp(source, needsUnicode(source) ? 'u' : '')))
  return pattern
}

const needsUnicode = (source: string) => /\\p|\\u\{|[\ud800-\udfff]/i.test(source)

export const needsToken = (channel: string) => channel.startsWith(privatePrefix)

/** `ns:topic#1,2` is for the users 1 and 2. Undefined when the name limits nobody. */
export function limitedTo(channel: string): string[] | undefined {
  const hash = channel.indexOf('#')
  return hash === -1 ? undefined : channel.slice(hash + 1).split(',')
}
