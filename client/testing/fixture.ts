import { absentVisit } from './absent-visit.ts'
import type { Event } from '@grandchat/contracts/realtime/events'
import { type Client, type ClientOptions, createClient } from '../index.ts'
import { type Answer, type Bounds, type Call, createRoutes } from './model-routes.ts'
import { ModelServer } from './model-server.ts'
import { Network } from './network.ts'
import { createVirtualTime, settle } from './virtual-time.ts'

export const ann = 1
export const bob = 2

export type Fixture = Awaited<ReturnType<typeof startFixture>>

export type FixtureOptions = {
  bounds?: Partial<Bounds>
  /** Answers a call in the model's place. */
  intercept?: (call: Call) => Answer | undefined
  options?: ClientOptions
  /** Prepares the model before the client starts. */
  prepare?: (model: ModelServer) => void
}

/** Ann's client, signed in and live; Bob and Ann are members of #general (room 1). */
export async function startFixture({ bounds, intercept, options, prepare }: FixtureOptions = {}) {
  const time = createVirtualTime()
  const calls: Call[] = []
  const device = { isOnline: true, isVisible: true, signal: () => {} }
  const errors: unknown[] = []
  let isHolding = false
  let withheld: Event[] | undefined
  let socket: Parameters<NonNullable<ClientOptions['connect']>>[0] | undefined

  const model = new ModelServer((userId, event) => {
    if (userId !== ann || !socket) return
    if (withheld) withheld.push(event)
    else socket.onEvent(event)
  })
  model.addUser('ann')
  model.addUser('bob')
  model.addRoom('general', bob)
  model.join(ann, 1)
  prepare?.(model)
  const routes = createRoutes(model, ann, { pageRows: 50, memberRows: 50, changeRows: 50, maxBehind: 100, ...bounds })
  const network = new Network(
    (call) => {
      calls.push(call)
      return intercept?.(call) ?? routes(call)
    },
    () => !isHolding,
  )
  let hide = () => {}
  const openClient = () =>
    createClient({
      baseUrl: 'http://model',
      fetch: network.fetch,
      WebSocket: {} as typeof WebSocket,
      ...time,
      random: () => 0.5,
      isOnline: () => device.isOnline,
      isVisible: () => device.isVisible,
      onSignal(listener) {
        const before = device.signal
        device.signal = () => {
          before()
          listener()
        }
        return () => {}
      },
      onHide(listener) {
        hide = listener
        return () => {}
      },
      report: (error) => errors.push(error),
      connect(setup) {
        socket = setup
        return {
          listenTo() {},
          visit: absentVisit,
          close() {
            if (socket === setup) socket = undefined
          },
        }
      },
      ...options,
    })
  let client = openClient()

  await client.session.start()
  await settle()
  await setSocket('up')

  /** The tab is put away, closed and opened again: what it wakes up with is what is stored. */
  async function reload(whileClosed: () => void = () => {}, startMs = 0): Promise<Client> {
    hide()
    await settle()
    client.close()
    socket = undefined
    whileClosed()
    calls.length = 0
    client = openClient()
    await Promise.all([client.session.start(), time.pass(startMs)])
    await settle()
    return client
  }

  async function setSocket(state: 'up' | 'down') {
    socket?.onSocket(state)
    if (state === 'up') socket?.onMissed()
    await settle()
  }

  return {
    client,
    reload,
    /** The page is put away. */
    hide: () => hide(),
    model,
    network,
    time,
    device,
    errors,
    calls,
    setSocket,
    timeline: (roomId = 1) => client.messages.timeline(roomId).get(),
    contents: (roomId = 1) =>
      client.messages
        .timeline(roomId)
        .get()
        .messages.map((row) => row.content),
    callsTo: (path: string, method?: string) =>
      calls.filter((call) => call.path === path && (method ?? call.method) === call.method),
    emit: (event: Event) => socket?.onEvent(event),
    /** Requests stay on their way until the network moves them. */
    hold: () => void (isHolding = true),
    release: () => {
      isHolding = false
      network.deliverAll()
      return settle()
    },
    /** Events of what `change` does do not arrive; returned, to be delivered by the test if at all. */
    withhold: (change: () => void): Event[] => {
      const events: Event[] = []
      withheld = events
      change()
      withheld = undefined
      return events
    },
  }
}
