import { type Centrifuge, type PublicationContext, type Subscription, SubscriptionState } from 'centrifuge'

/** Who published, as the server says: the user's id, and the claim `info` of their token for the channel. */
export type Publisher = { userId: number; info: unknown }

/** A channel that is listened to for as long as something is on screen. What it brings is not kept and may be lost. */
export type Visit = {
  /** False if it could not even be tried. */
  publish(data: object): boolean
  /** How many people are listening; undefined where nobody can tell. */
  count(): Promise<number | undefined>
  leave(): void
}

export type VisitListener = (from: Publisher, data: unknown) => void

type VisitsSetup = {
  client: Centrifuge
  /** As the SDK wants it. */
  getToken: (channel: string) => Promise<string>
  /** Keeps exceptions of a listener from ending the connection. */
  guard: (listener: (context: PublicationContext) => void) => (context: PublicationContext) => void
}

/** Subscriptions beside those that bring what is known. A refused one ends quietly: nothing depends on it. */
export function createVisits({ client, getToken, guard }: VisitsSetup) {
  const visited = new Map<string, Subscription>()

  function leave(channel: string, subscription: Subscription) {
    if (visited.get(channel) === subscription) visited.delete(channel)
    subscription.removeAllListeners()
    subscription.on('error', () => {})
    subscription.unsubscribe()
    client.removeSubscription(subscription)
  }

  return {
    /** Those whose tokens a new connection takes along. */
    channels: (): string[] => [...visited.keys()],

    visit(channel: string, listener: VisitListener): Visit {
      const before = visited.get(channel)
      if (before) leave(channel, before)
      const subscription = client.newSubscription(channel, { getToken: () => getToken(channel) })
      visited.set(channel, subscription)
      const onPublication = ({ info, data }: PublicationContext) => {
        if (info) listener({ userId: Number(info.user), info: info.chanInfo }, data)
      }
      subscription.on('publication', guard(onPublication))
      subscription.on('error', () => {})
      subscription.subscribe()
      const isUp = () => subscription.state === SubscriptionState.Subscribed
      return {
        publish(data) {
          if (!isUp()) return false
          subscription.publish(data).catch(() => {})
          return true
        },
        async count() {
          if (!isUp()) return undefined
          return subscription.presenceStats().then(
            ({ numUsers }) => numUsers,
            () => undefined,
          )
        },
        leave: () => leave(channel, subscription),
      }
    },
  }
}
