import { limitedTo, needsToken } from './channels.ts'
import type { Client } from './client.ts'
import type { ChannelOptions } from './options.ts'

/** May this client subscribe without a token? [SUB3] */
export function maySubscribe(client: Client, channel: string, options: ChannelOptions): boolean {
  if (needsToken(channel)) return false
  if (client.node.options.client.insecure) return true
  const users = options.allowUserLimitedChannels ? limitedTo(channel) : undefined
  if (users) return client.user !== '' && users.includes(client.user)
  return options.allowSubscribeForClient === true && (client.user !== '' || options.allowSubscribeForAnonymous === true)
}

export const mayPublish = mayDo('allowPublishForClient', 'allowPublishForSubscriber', 'allowPublishForAnonymous')
export const mayReadHistory = mayDo('allowHistoryForClient', 'allowHistoryForSubscriber', 'allowHistoryForAnonymous')
export const maySeePresence = mayDo('allowPresenceForClient', 'allowPresenceForSubscriber', 'allowPresenceForAnonymous')

type Flag = keyof ChannelOptions

function mayDo(forClient: Flag, forSubscriber: Flag, forAnonymous: Flag) {
  return (
    client: Client,
    channel: string,
    options: ChannelOptions,
    isSubscriber = client.subscriptions.has(channel),
  ): boolean => {
    if (client.node.options.client.insecure) return true
    if (client.user === '' && options[forAnonymous] !== true) return false
    return options[forClient] === true || (options[forSubscriber] === true && isSubscriber)
  }
}
