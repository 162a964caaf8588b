import { Centrifuge } from 'centrifuge'
import { channels } from '@grandchat/contracts/realtime/channels'
import type { Event } from '@grandchat/contracts/realtime/events'
import type { Person } from './person.ts'

/** Everything that one person's browser is told on one channel, in the order in which it arrives. */
export class Listener {
  events: Event[] = []
  #centrifuge: Centrifuge
  #waiting = new Set<() => void>()

  private constructor(person: Person) {
    const url = `${person.url.replace('http', 'ws')}/connection/websocket`
    this.#centrifuge = new Centrifuge(url, {
      getToken: async () => (await person.get<{ token: string }>('/api/token/connection/')).token,
    })
  }

  /** Connects and subscribes, to the personal channel unless told another; resolves once nothing can be missed any more. */
  static async of(person: Person, channel: string = channels.personal(person.id)): Promise<Listener> {
    const listener = new Listener(person)
    const subscription = listener.#centrifuge.newSubscription(channel, {
      getToken: async () => (await person.get<{ token: string }>(`/api/token/subscription/?channel=${channel}`)).token,
    })
    subscription.on('publication', ({ data }) => {
      listener.events.push(data as Event)
      for (const check of listener.#waiting) check()
    })
    subscription.subscribe()
    listener.#centrifuge.connect()
    await subscription.ready()
    return listener
  }

  /** The events of one room, in order of arrival. */
  inRoom(roomId: number): Exclude<Event, { type: 'own_changed' | 'workspace_changed' }>[] {
    return this.events.filter((event) => 'room' in event.body && event.body.room.id === roomId) as never
  }

  /** Resolves as soon as the condition holds for what has arrived. */
  async until(condition: (events: Event[]) => boolean): Promise<void> {
    if (condition(this.events)) return
    await new Promise<void>((resolve) => {
      const check = () => {
        if (!condition(this.events)) return
        this.#waiting.delete(check)
        resolve()
      }
      this.#waiting.add(check)
    })
  }

  close(): void {
    this.#centrifuge.disconnect()
  }
}
