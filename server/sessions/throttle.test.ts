import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Answer } from '../testing/person.ts'
import { passwordOf, startTestServer, type TestServer } from '../testing/server.ts'
import { networkOf, SignInThrottle } from './throttle.ts'

let server: TestServer
before(async () => {
  server = await startTestServer({ TRUSTED_PROXIES: '127.0.0.1' })
})
after(() => server.stop())

/** Each test comes from addresses of its own. */
let lastAddress = 0
const newAddress = () => `198.51.100.${++lastAddress}`

function logIn(username: string, password: string, address: string): Promise<Answer> {
  return server.visitor().ask('POST', '/api/login/', { username, password }, { 'x-forwarded-for': address })
}

async function guess(username: string, times: number, address: string): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: times }, (_, i) => logIn(username, `guess ${i}`, address)))
  return answers.map((answer) => answer.status)
}

const count = (statuses: number[], status: number) => statuses.filter((each) => each === status).length

test('of 100 wrong passwords at once 10 are looked at', async () => {
  await server.member('ann')
  const address = newAddress()
  const statuses = await guess('ann', 100, address)
  assert.equal(count(statuses, 400), 10)
  assert.equal(count(statuses, 429), 90)
  const right = await logIn('ann', passwordOf('ann'), address)
  assert.equal(right.status, 429, 'not even the right one, for a while')
  assert.deepEqual(right.body, { detail: 'too many attempts, try again later', code: 'rate_limited' })
  const retryAfter = Number(right.headers.get('retry-after'))
  assert.ok(Number.isInteger(retryAfter) && retryAfter > 0 && retryAfter <= 600, String(retryAfter))
})

test('an account that does not exist is throttled in the same way', async () => {
  const statuses = await guess('nobody', 30, newAddress())
  assert.deepEqual([count(statuses, 400), count(statuses, 429)], [10, 20])
})

test('another spelling of a username is the same account', async () => {
  const address = newAddress()
  const spellings = ['carl', 'CARL', 'Carl', 'ｃａｒｌ']
  const statuses = (await Promise.all(spellings.map((name) => guess(name, 5, address)))).flat()
  assert.deepEqual([count(statuses, 400), count(statuses, 429)], [10, 10])
})

test('whoever is locked out locks out neither the owner elsewhere nor a neighbour', async () => {
  await server.member('eve')
  await server.member('dan')
  const office = newAddress()
  await guess('dan', 150, office)
  assert.equal((await logIn('dan', passwordOf('dan'), newAddress())).status, 200)
  assert.equal((await logIn('eve', passwordOf('eve'), office)).status, 200)
})

test('guesses at many accounts from one address end at 100', async () => {
  const throttle = new SignInThrottle()
  const guesses = Array.from({ length: 120 }, (_, i) => throttle.take('sign-in', `target-${i % 24}`, '198.51.100.200'))
  const outcomes = await Promise.allSettled(guesses)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 100)
})

test('signing in costs no attempts', async () => {
  await server.member('finn')
  const address = newAddress()
  for (let i = 0; i < 15; i++) assert.equal((await logIn('finn', passwordOf('finn'), address)).status, 200)
  const statuses = await guess('finn', 12, address)
  assert.deepEqual([count(statuses, 400), count(statuses, 429)], [10, 2])
})

test('an address that a stranger makes up counts for nothing', async () => {
  const direct = await startTestServer()
  try {
    const statuses: number[] = []
    for (let i = 0; i < 15; i++) {
      const headers = { 'x-forwarded-for': `203.0.113.${i}`, forwarded: `for=203.0.113.${i}` }
      const body = { username: 'ann', password: `guess ${i}` }
      statuses.push((await direct.visitor().ask('POST', '/api/login/', body, headers)).status)
    }
    assert.deepEqual([count(statuses, 400), count(statuses, 429)], [10, 5])
  } finally {
    await direct.stop()
  }
})

test('of the addresses that a stranger puts before the real one the real one counts', async () => {
  const real = newAddress()
  const statuses: number[] = []
  for (let i = 0; i < 15; i++) {
    statuses.push((await logIn('gina', `guess ${i}`, `203.0.113.${i}, ${real}`)).status)
  }
  assert.deepEqual([count(statuses, 400), count(statuses, 429)], [10, 5])
})

const networks: [address: string, network: string][] = [
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::6', '2001:db8:1:2'],
  ['2001:0DB8:0001:0002::6', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8::abcd:1', '2001:db8:0:0'],
  ['2001:db8::a:b:c:d', '2001:db8:0:0'],
  ['2001:db8:1::a:b:c:d', '2001:db8:1:0'],
  ['::1', '0:0:0:0'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
]
for (const [address, network] of networks) {
  test(`${address} belongs to ${network}, all of which one customer has`, () => {
    assert.equal(networkOf(address), network)
  })
}
