import type { Tokens } from '@grandchat/contracts/realtime/schema'
import type { Environment } from '../environment.ts'

/** A token for a channel may be presented for a minute; one that lay about longer than this is not used. */
const freshMs = 40_000

/** Where the SDK gets its tokens: each asked for may come with others, all from one request. */
export type TokenSource = {
  /** A token to connect with; those for `channels` are taken along, for the SDK asks for them next. */
  connection: (channels: readonly string[]) => Promise<string>
  /** Undefined if the channel is not this user's to read. */
  subscription: (channel: string) => Promise<string | undefined>
}

export function createTokenSource(
  environment: Environment,
  fetchTokens: (channels: readonly string[]) => Promise<Tokens>,
): TokenSource {
  const kept = new Map<string, { token: string; at: number }>()
  let wanted = new Set<string>()
  let gathering: Promise<Tokens> | undefined

  /** One request for all that is asked for in this tick. */
  function gather(channels: readonly string[]): Promise<Tokens> {
    for (const channel of channels) wanted.add(channel)
    gathering ??= Promise.resolve().then(() => {
      const all = [...wanted]
      wanted = new Set()
      gathering = undefined
      return fetchTokens(all)
    })
    return gathering
  }

  return {
    async connection(channels) {
      const answer = await gather(channels)
      const at = environment.now()
      for (const channel of channels) {
        const token = answer.subscriptions[channel]
        if (token !== undefined) kept.set(channel, { token, at })
      }
      return answer.connection
    },
    async subscription(channel) {
      const found = kept.get(channel)
      // Used once: when the SDK asks again, this one was refused or has ended.
      kept.delete(channel)
      if (found && environment.now() - found.at < freshMs) return found.token
      return (await gather([channel])).subscriptions[channel]
    },
  }
}
