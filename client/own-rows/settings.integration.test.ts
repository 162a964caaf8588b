import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import type { SettingName } from '@grandchat/contracts/own-rows/kinds'
import { type TestServer, passwordOf, startTestServer } from '../../server/testing/server.ts'
import type { Client } from '../index.ts'
import { openBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
  await server.member('ann')
})
after(() => server.stop())

const names = ['theme', 'density', 'motion', 'sound', 'quiet_until'] as const satisfies SettingName[]
const chosen = ({ settings }: Client) => names.map((name) => settings.get(name).get())

async function open(t: TestContext): Promise<Client> {
  const client = openBrowser(server.url, {})
  t.after(() => client.close())
  await client.session.start()
  await client.session.signIn('ann', passwordOf('ann'))
  await eventually(() => client.connection.get() === 'live' && client.rooms.list.get().status === 'ready')
  return client
}

test('two devices that choose at the same time agree in the end, and a third one finds the same', async (t) => {
  const [laptop, phone] = [await open(t), await open(t)]
  laptop.settings.set('theme', 'dark')
  phone.settings.set('theme', 'light')
  phone.settings.set('density', 'compact')
  laptop.settings.set('motion', 'full')
  phone.settings.set('motion', 'reduced')
  laptop.settings.set('sound', 'on')
  phone.settings.set('quiet_until', 1_900_000_000_000)
  await eventually(() => {
    const [one, other] = [chosen(laptop), chosen(phone)]
    return one.every((value, i) => value !== undefined && value === other[i])
  })
  assert.deepEqual(chosen(laptop).slice(3), ['on', 1_900_000_000_000])
  const late = await open(t)
  assert.deepEqual(chosen(late), chosen(phone))
})
