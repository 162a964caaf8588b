import { type Client, createClient, type Observable, type Timeline } from '../../../client/index.ts'
import { Person } from '../../../server/testing/person.ts'
import type { LargeStack } from '../large.ts'

type Scope = { after: (end: () => unknown) => void }
type Stack = Pick<LargeStack, 'url' | 'setupCode'>

const passwordOf = (username: string) => `${username} has a password`

/** The owner, who sets the installation up through the front door. */
export function owner(stack: Stack): Promise<Person> {
  return new Person(stack.url).setUp('olga', stack.setupCode)
}

/** A new member, by the REST API alone. */
export async function member(stack: Stack, olga: Person, username: string): Promise<Person> {
  await olga.post('/api/users/', { username, password: passwordOf(username) }, 201)
  return new Person(stack.url).signIn(username, passwordOf(username))
}

/** A client, and how to come back to its window. */
export type Screen = Client & { focus(): void }

/**
 * The product's client as somebody's browser runs it, signed in and live. With `restAt` its requests go to one backend,
 * past Nginx; its socket always goes through Nginx.
 */
export async function openClient(scope: Scope, stack: Stack, username: string, restAt = stack.url): Promise<Screen> {
  let cookie = ''
  const signals = new Set<() => void>()
  const client = createClient({
    baseUrl: stack.url,
    onSignal(listener) {
      signals.add(listener)
      return () => void signals.delete(listener)
    },
    async fetch(input, init = {}) {
      const target = input instanceof Request ? input.url : String(input)
      const headers = new Headers(init.headers)
      if (cookie) headers.set('cookie', cookie)
      const response = await fetch(target.replace(stack.url, restAt), { ...init, headers })
      for (const line of response.headers.getSetCookie()) cookie = line.split(';')[0] ?? ''
      return response
    },
  })
  scope.after(() => client.close())
  await client.session.start()
  await client.session.signIn(username, passwordOf(username))
  await seen(client.connection, (state) => state === 'live')
  return { ...client, focus: () => signals.forEach((listener) => listener()) }
}

/** Opens a room on this client's screen, and shows what people say in it. */
export async function openRoom(client: Client, roomId: number): Promise<Observable<Timeline>> {
  await seen(client.rooms.list, ({ rooms }) => rooms.some(({ id }) => id === roomId))
  client.messages.open(roomId)
  const timeline = client.messages.timeline(roomId)
  await seen(timeline, ({ status }) => status === 'ready')
  return {
    subscribe: (listener) => timeline.subscribe(listener),
    get() {
      const shown = timeline.get()
      return { ...shown, messages: shown.messages.filter(({ kind }) => kind === 'user') }
    },
  }
}

/** Resolves once it is so; the runner's time limit is the only other end. */
export function seen<T>(observable: Observable<T>, isSo: (value: T) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo(observable.get())) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = observable.subscribe(look)
    look()
  })
}
