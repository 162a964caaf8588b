import assert from 'node:assert/strict'
import { type TestContext, after, before, test } from 'node:test'
import { type TestServer, passwordOf, startTestServer } from '../../server/testing/server.ts'
import type { Client } from '../index.ts'
import { openBrowser } from '../testing/browser.ts'
import { eventually } from '../testing/eventually.ts'
import { MemoryCache } from '../testing/memory-cache.ts'
import { createMemoryStorage } from '../storage/memory.ts'

let server: TestServer
before(async () => {
  server = await startTestServer()
})
after(() => server.stop())

let people = 0
async function arrive(): Promise<string> {
  const username = `person${++people}`
  await server.member(username)
  return username
}

async function open(t: TestContext, username: string): Promise<Client> {
  const client = openBrowser(server.url, {})
  t.after(() => client.close())
  await client.session.start()
  await client.session.signIn(username, passwordOf(username))
  await eventually(() => client.connection.get() === 'live' && client.rooms.list.get().status === 'ready')
  return client
}

/** All that a person keeps, as a client shows it. */
const kept = ({ drafts, saved, scheduled, sections, settings }: Client) => ({
  drafts: drafts.list.get(),
  saved: saved.list.get(),
  scheduled: scheduled.list.get(),
  sections: sections.list.get(),
  placements: [...sections.placements.get()],
  closings: [...sections.closings.get()],
  theme: settings.get('theme').get(),
})

test('what is kept on one device is on the other, and on one that comes later', async (t) => {
  const ann = await arrive()
  const [laptop, phone] = [await open(t, ann), await open(t, ann)]
  const { id: roomId } = await laptop.rooms.create({ name: 'Mine', kind: 'private' })
  laptop.messages.send(roomId, 'to be saved')
  await eventually(() => Boolean(laptop.rooms.get(roomId).get()?.last_message))
  const messageId = laptop.rooms.get(roomId).get()!.last_message!.id
  laptop.drafts.set(roomId, 'I was about to')
  laptop.saved.set(roomId, messageId, true)
  laptop.scheduled.add({ room_id: roomId, content: ' next century ', send_at: new Date('2099-01-01T08:00:00Z') })
  const section = laptop.sections.create('Work')
  laptop.sections.place(roomId, section)
  laptop.settings.set('theme', 'dark')
  await eventually(() => phone.drafts.list.get().length === 1 && phone.settings.get('theme').get() === 'dark')
  await eventually(() => phone.sections.placements.get().size === 1)
  assert.deepEqual(kept(phone), kept(laptop))
  const late = await open(t, ann)
  assert.deepEqual(kept(late), kept(laptop))
  assert.equal(phone.drafts.get(roomId).get(), 'I was about to')
  assert.equal(phone.saved.has(messageId).get(), true)
  assert.deepEqual(
    phone.scheduled.list.get().map(({ content, send_at }) => [content, send_at]),
    [['next century', '2099-01-01T08:00:00.000000Z']],
  )
  assert.deepEqual(phone.sections.placements.get().get(roomId)?.section, section)
})

test('what is taken away on one device is gone on the other; the last writer wins', async (t) => {
  const ann = await arrive()
  const [laptop, phone] = [await open(t, ann), await open(t, ann)]
  const { id: roomId } = await laptop.rooms.create({ name: 'Mine', kind: 'private' })
  laptop.drafts.set(roomId, 'from the laptop')
  await eventually(() => phone.drafts.get(roomId).get() === 'from the laptop')
  phone.drafts.set(roomId, 'from the phone')
  await eventually(() => laptop.drafts.get(roomId).get() === 'from the phone')
  laptop.drafts.set(roomId, '')
  await eventually(() => phone.drafts.list.get().length === 0)
  assert.equal(phone.drafts.get(roomId).get(), '')
  const section = phone.sections.create('Work')
  phone.sections.place(roomId, section)
  phone.sections.rename(section, 'Play')
  await eventually(() => laptop.sections.list.get()[0]?.name === 'Play')
  laptop.sections.remove(section)
  await eventually(() => phone.sections.list.get().length === 0 && phone.sections.placements.get().size === 0)
  assert.deepEqual(kept(await open(t, ann)), kept(laptop))
})

test('a message that is sent now leaves the list on all devices and is in its room', async (t) => {
  const ann = await arrive()
  const [laptop, phone] = [await open(t, ann), await open(t, ann)]
  const { id: roomId } = await laptop.rooms.create({ name: 'Mine', kind: 'private' })
  const id = laptop.scheduled.add({ room_id: roomId, content: 'later', send_at: new Date('2099-01-01T08:00:00Z') })
  await eventually(() => phone.scheduled.list.get().length === 1)
  phone.scheduled.change(id, { content: 'sooner' })
  await eventually(() => laptop.scheduled.list.get()[0]?.content === 'sooner')
  laptop.scheduled.sendNow(id)
  await eventually(() => phone.rooms.get(roomId).get()?.last_message?.content === 'sooner')
  await eventually(() => [laptop, phone].every(({ scheduled }) => scheduled.list.get().length === 0))
  assert.throws(() => laptop.scheduled.add({ room_id: roomId, content: ' ', send_at: new Date() }), RangeError)
})

test('what is written without a network is there after a reload, and on the other device once there is one', async (t) => {
  const ann = await arrive()
  const phone = await open(t, ann)
  const { id: roomId } = await phone.rooms.create({ name: 'Mine', kind: 'private' })
  const jar = { cookie: '' }
  const storage = { ...createMemoryStorage(), cache: new MemoryCache() }
  let isOnline = true
  const onLaptop = () =>
    openBrowser(
      server.url,
      { storage },
      () => {
        if (!isOnline) throw new TypeError('no network')
      },
      jar,
    )
  const before = onLaptop()
  await before.session.start()
  await before.session.signIn(ann, passwordOf(ann))
  await eventually(() => before.rooms.list.get().rooms.length === 1)
  isOnline = false
  before.drafts.set(roomId, 'written in a tunnel')
  before.settings.set('theme', 'dark')
  before.rooms.setMuted(roomId, true)
  await eventually(() => before.drafts.list.get().length === 1)
  before.close()
  const after = onLaptop()
  t.after(() => after.close())
  await after.session.start()
  await eventually(() => after.drafts.get(roomId).get() === 'written in a tunnel')
  assert.equal(after.settings.get('theme').get(), 'dark')
  assert.equal(after.rooms.get(roomId).get()?.muted, true)
  assert.deepEqual(kept(phone).drafts, [])
  isOnline = true
  await eventually(() => phone.drafts.get(roomId).get() === 'written in a tunnel')
  await eventually(() => phone.settings.get('theme').get() === 'dark' && phone.rooms.get(roomId).get()?.muted === true)
  assert.deepEqual(kept(phone), kept(after))
})

test('level and mute of a room are shown at once and follow to the other device', async (t) => {
  const ann = await arrive()
  const [laptop, phone] = [await open(t, ann), await open(t, ann)]
  const { id: roomId } = await laptop.rooms.create({ name: 'Mine', kind: 'private' })
  laptop.rooms.setLevel(roomId, 'mentions')
  laptop.rooms.setMuted(roomId, true)
  laptop.rooms.setLevel(roomId, 'nothing')
  const wanted = ({ rooms }: Client) => [rooms.get(roomId).get()?.level, rooms.get(roomId).get()?.muted]
  assert.deepEqual(wanted(laptop), ['nothing', true])
  await eventually(() => phone.rooms.get(roomId).get()?.muted === true && wanted(phone)[0] === 'nothing')
  assert.deepEqual(wanted(laptop), ['nothing', true])
})

test('a message for later that the server does not take stays with its author, and may be tried again', async (t) => {
  const ann = await arrive()
  const laptop = await open(t, ann)
  const { id: roomId } = await laptop.rooms.create({ name: 'Mine', kind: 'private' })
  const id = laptop.scheduled.add({ room_id: roomId + 1_000, content: 'elsewhere', send_at: new Date('2099-01-01') })
  await eventually(() => laptop.scheduled.list.get()[0]?.failure === 'not_found')
  assert.equal(laptop.scheduled.list.get()[0]?.content, 'elsewhere')
  laptop.scheduled.remove(id)
  await eventually(() => laptop.scheduled.list.get().length === 0)
  assert.deepEqual(kept(await open(t, ann)).scheduled, [])
})

test('a direct room that is put away here is so on every device, until something new is said in it', async (t) => {
  const [ann, bob] = [await arrive(), await arrive()]
  const [laptop, phone, other] = [await open(t, ann), await open(t, ann), await open(t, bob)]
  const [found] = await laptop.users.search(bob)
  const { id: roomId } = await laptop.rooms.openDirect([found!.id])
  laptop.messages.send(roomId, 'hello')
  await eventually(() => phone.rooms.get(roomId).get()?.last_seq === 1)
  laptop.sections.close(roomId, 1)
  await eventually(() => phone.sections.closings.get().get(roomId) === 1)
  assert.deepEqual(kept(phone), kept(laptop))
  assert.deepEqual(kept(await open(t, ann)), kept(laptop))
  await eventually(() => other.rooms.get(roomId).get()?.last_seq === 1)
  assert.equal(other.sections.closings.get().size, 0)
  other.messages.send(roomId, 'are you there?')
  // What is above the mark was said since.
  await eventually(() => [laptop, phone].every(({ rooms }) => rooms.get(roomId).get()?.last_seq === 2))
  assert.equal(laptop.sections.closings.get().get(roomId), 1)
  phone.sections.reopen(roomId)
  await eventually(() => laptop.sections.closings.get().size === 0)
})
