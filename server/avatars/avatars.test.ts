import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Profile, Profiles } from '@grandchat/contracts/users/profile'
import type { MessageAdded } from '@grandchat/contracts/messages/schema'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'
import { readPicture } from './image.ts'

let server: TestServer
let ann: Person
let bob: Person
before(async () => {
  server = await startTestServer()
  ;[ann, bob] = [await server.member('ann'), await server.member('bob')]
})
after(() => server.stop())

const u32 = (n: number) => Buffer.from([n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255])
const chunk = (type: string, data: Buffer) => Buffer.concat([u32(data.length), Buffer.from(type), data, u32(0)])
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function png(width: number, height: number, { moves = false, bytes = 10 } = {}): Buffer {
  const header = chunk('IHDR', Buffer.concat([u32(width), u32(height), Buffer.from([8, 6, 0, 0, 0])]))
  const animation = moves ? [chunk('acTL', Buffer.alloc(8))] : []
  return Buffer.concat([
    signature,
    header,
    ...animation,
    chunk('IDAT', Buffer.alloc(bytes)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function jpeg(width: number, height: number): Buffer {
  const app = Buffer.from([0xff, 0xe0, 0, 4, 1, 2])
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 17, 0])
  return Buffer.concat([Buffer.from([0xff, 0xd8]), app, frame, Buffer.from([0xff, 0xda, 0, 2, 0xff, 0xd9])])
}

function webp(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP'), Buffer.from(type), u32(data.length).reverse(), data])
  return Buffer.concat([Buffer.from('RIFF'), u32(body.length).reverse(), body])
}
const lossy = (width: number, height: number) =>
  webp('VP8 ', Buffer.from([0, 0, 0, 0x9d, 1, 0x2a, width & 255, width >> 8, height & 255, height >> 8]))
const extended = (flags: number) => webp('VP8X', Buffer.from([flags, 0, 0, 0, 63, 0, 0, 31, 0, 0]))

async function put(person: Person, bytes: Buffer, type = 'image/png') {
  const response = await fetch(`${server.url}/api/me/avatar/`, {
    method: 'PUT',
    headers: { cookie: person.cookie, 'x-csrftoken': await person.csrf(), 'content-type': type },
    body: new Uint8Array(bytes),
  })
  return { status: response.status, body: (await response.json()) as Profiles }
}

const avatarOf = async (person: Person) => (await bob.get<Profile>(`/api/users/${person.id}/`)).avatar

test('a picture is shown to everyone with a session, kept by browsers for ever, and can do nothing', async () => {
  const picture = png(256, 256)
  const { status, body } = await put(ann, picture)
  assert.equal(status, 200)
  const version = body.users[0]?.avatar
  const url = `${server.url}/api/avatars/${ann.id}/${version}`
  const answer = await fetch(url, { headers: { cookie: bob.cookie } })
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), picture)
  const headers = Object.fromEntries(answer.headers)
  assert.equal(headers['content-type'], 'image/png')
  assert.equal(headers['cache-control'], 'private, max-age=31536000, immutable')
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['content-security-policy'], "default-src 'none'; sandbox")
  assert.equal(headers['content-disposition'], 'inline')
  assert.equal((await fetch(url)).status, 403)
})

test('all hear of a new picture, rows carry it, and the one before is gone', async () => {
  const room = await ann.createRoom('Portraits')
  const before = (await put(ann, png(100, 100))).body.users[0]?.avatar
  const listener = await server.listen(bob, 'workspace')
  const { body } = await put(ann, jpeg(200, 100), 'image/jpeg')
  await listener.until((events) => events.length > 0)
  assert.deepEqual(listener.events, [{ type: 'workspace_changed', body }])
  const version = body.users[0]!.avatar
  assert.notEqual(version, before)
  assert.equal((await bob.ask('GET', `/api/avatars/${ann.id}/${before}`)).status, 404)
  const message: MessageAdded = await ann.send(room.id, 'Look at me')
  assert.equal(message.user.avatar, version)
  assert.equal(message.room.last_message?.user.avatar, version)
  const members = await ann.get<{ results: { user: { avatar: string } }[] }>(`/api/rooms/${room.id}/members/`)
  assert.equal(members.results[0]?.user.avatar, version)
})

test('the same picture again changes nothing, and it can be taken away', async () => {
  const { body: first } = await put(ann, png(64, 64))
  assert.deepEqual((await put(ann, png(64, 64), 'image/webp')).body, first)
  assert.equal((await ann.ask('DELETE', '/api/me/avatar/')).status, 200)
  assert.equal(await avatarOf(ann), null)
  assert.equal((await bob.ask('GET', `/api/avatars/${ann.id}/${first.users[0]!.avatar}`)).status, 404)
})

const stills: [what: string, bytes: Buffer, width: number, height: number][] = [
  ['PNG', png(1_024, 1), 1_024, 1],
  ['JPEG', jpeg(300, 200), 300, 200],
  ['lossy WebP', lossy(320, 240), 320, 240],
  ['lossless WebP', webp('VP8L', Buffer.from([0x2f, 0xff, 0xc0, 0x3f, 0])), 256, 256],
  ['extended WebP', extended(0x10), 64, 32],
]
for (const [what, bytes, width, height] of stills) {
  test(`a ${what} says how large it is`, () => {
    const { width: w, height: h } = readPicture(bytes)!
    assert.deepEqual([w, h], [width, height])
  })
}

const refused: [what: string, bytes: Buffer, status: number][] = [
  ['nothing', Buffer.alloc(0), 400],
  ['a web page', Buffer.from('<!doctype html><script>alert(1)</script>'), 400],
  ['a drawing that can hold scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 400],
  ['a GIF', Buffer.from('GIF89a\u0001\u0000\u0001\u0000'), 400],
  ['a moving PNG', png(64, 64, { moves: true }), 400],
  ['a moving WebP', extended(0x02), 400],
  ['a PNG without a picture', png(64, 64).subarray(0, 40), 400],
  ['the signature of a PNG alone', signature, 400],
  ['a JPEG that ends before its frame', jpeg(64, 64).subarray(0, 10), 400],
  ['a JPEG whose segment has no length', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xe0, 0, 0]), 400],
  ['a WebP that claims to be longer', lossy(64, 64).subarray(0, 28), 400],
  ['a PNG of no width', png(0, 64), 400],
  ['a PNG of 1,025 pixels', png(1_025, 64), 400],
  ['a PNG of four thousand million pixels', png(0xffffffff, 1), 400],
  ['more than 256 kB', png(64, 64, { bytes: 256 * 1024 }), 413],
]
for (const [what, bytes, status] of refused) {
  test(`${what} is no picture to show`, async () => {
    const before = await avatarOf(bob)
    assert.equal((await put(bob, bytes)).status, status)
    assert.equal(await avatarOf(bob), before)
  })
}

test('every picture cut short anywhere is read without harm', () => {
  for (const [, bytes] of stills) {
    for (let length = 0; length < bytes.length; length++) readPicture(bytes.subarray(0, length))
  }
  for (let seed = 1; seed < 500; seed++) {
    const bytes = Buffer.from(png(64, 64))
    bytes[(seed * 7) % bytes.length] = (seed * 31) % 256
    readPicture(bytes)
  }
})
