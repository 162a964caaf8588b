import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { methods } from '../../hub/protocol.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { type Outcome, Socket, subscribe, tokensOf } from '../testing/socket.ts'

let server: TestServer
let member: Person
let outsider: Person
let roomId: number
let largeRoomId: number
before(async () => {
  server = await startTestServer({ LARGE_ROOM_MEMBERS: '1' })
  member = await server.member('mia')
  outsider = await server.member('bob')
  roomId = (await member.createRoom('Kitchen', 'private')).id
  await outsider.createRoom('Elsewhere', 'private')
  largeRoomId = (await member.createRoom('Everybody')).id
  await (await server.member('ann')).join(largeRoomId)
})
after(() => server.stop())

const here = () => `here:${roomId}`
const large = () => `room:${largeRoomId}`
const personal = (person: Person) => `personal:${person.id}`

/** The channels of the matrix, as the member sees them. */
const kinds = [
  'own personal',
  "another's personal",
  'own here',
  "another's here",
  'workspace',
  'own large room',
  "another's large room",
  'no namespace',
] as const
const channelOf: Record<(typeof kinds)[number], () => string> = {
  'own personal': () => personal(member),
  "another's personal": () => personal(outsider),
  'own here': here,
  "another's here": () => `here:${roomId + 1}`,
  workspace: () => 'workspace',
  'own large room': large,
  "another's large room": () => `room:${roomId + 1}`,
  'no namespace': () => 'everything',
}
type Row = { request?: object; outcomes: Outcome[] }
const all = (outcome: Outcome): Row => ({ outcomes: kinds.map(() => outcome) })

/** What a member gets who is subscribed to all that is theirs; `subscribe` is tried before that, without a token. */
const matrix: Record<(typeof methods)[number], Row> = {
  connect: all(3501),
  subscribe: { outcomes: [103, 103, 103, 103, 103, 103, 103, 103] },
  unsubscribe: all('ok'),
  publish: { request: { data: { x: 1 } }, outcomes: [103, 103, 'ok', 103, 103, 103, 103, 103] },
  presence: { outcomes: [103, 103, 'ok', 103, 108, 108, 108, 108] },
  presence_stats: { outcomes: [103, 103, 'ok', 103, 108, 108, 108, 108] },
  history: { request: { limit: 10 }, outcomes: [103, 103, 108, 108, 103, 103, 103, 103] },
  rpc: all(108),
  send: all(3508),
  refresh: all(3501),
  sub_refresh: { outcomes: [107, 103, 107, 103, 107, 107, 103, 103] },
}

for (const method of methods) {
  test(`the hub's ${method} answers a member for each channel as the matrix says`, async () => {
    const { outcomes, request } = matrix[method]
    for (const [i, kind] of kinds.entries()) {
      const socket = await Socket.of(member)
      const own = method === 'subscribe' ? [] : [personal(member), here(), large(), 'workspace']
      const { subscriptions } = await tokensOf(member, ...own)
      for (const channel of own) assert.equal(await subscribe(socket, channel, subscriptions[channel]), 'ok')
      assert.equal(await socket.ask(method, { channel: channelOf[kind](), ...request }), outcomes[i], kind)
      socket.close()
    }
  })
}
