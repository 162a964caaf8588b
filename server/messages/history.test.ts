import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { HistoryPage, MessageAdded } from '@grandchat/contracts/messages/schema'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

const history = (roomId: number, query: string, status = 200) =>
  cast.member.get<HistoryPage>(`/api/rooms/${roomId}/messages/?${query}`, status)
const texts = ({ results }: HistoryPage) => results.map(({ content }) => content)

/** A room with m1 to m9. */
async function nine() {
  const { id: roomId } = await openRoom(server, cast, 'private')
  const messages: MessageAdded[] = []
  for (let n = 1; n <= 9; n++) messages.push(await cast.member.send(roomId, `m${n}`))
  return { roomId, messages, id: (n: number) => messages[n - 1]!.id }
}

test('around a message are as many on either side, and the page says where there are more', async () => {
  const { roomId, id } = await nine()
  const middle = await history(roomId, `around=${id(5)}&limit=5`)
  assert.deepEqual(texts(middle), ['m7', 'm6', 'm5', 'm4', 'm3'])
  assert.deepEqual([middle.more, middle.more_after], [true, true])
  const even = await history(roomId, `around=${id(5)}&limit=4`)
  assert.deepEqual(texts(even), ['m7', 'm6', 'm5', 'm4'])
  const newest = await history(roomId, `around=${id(9)}&limit=5`)
  assert.deepEqual([texts(newest), newest.more, newest.more_after], [['m9', 'm8', 'm7'], true, false])
  const alone = await history(roomId, `around=${id(5)}&limit=1`)
  assert.deepEqual([texts(alone), alone.more, alone.more_after], [['m5'], true, true])
  const all = await history(roomId, `around=${id(1)}`)
  assert.deepEqual(texts(all).slice(0, 9), ['m9', 'm8', 'm7', 'm6', 'm5', 'm4', 'm3', 'm2', 'm1'])
  assert.deepEqual([all.more, all.more_after], [false, false])
})

test('pages on from the ends of a page around a message meet it without losing or repeating any', async () => {
  const { roomId, id } = await nine()
  const middle = await history(roomId, `around=${id(5)}&limit=3`)
  const older = await history(roomId, `before=${middle.results.at(-1)!.id}&limit=2`)
  const newer = await history(roomId, `after=${middle.results[0]!.id}&limit=2`)
  assert.deepEqual([...texts(newer), ...texts(middle), ...texts(older)], ['m8', 'm7', 'm6', 'm5', 'm4', 'm3', 'm2'])
  assert.deepEqual([older.more, older.more_after], [true, undefined])
  assert.deepEqual([newer.more, newer.more_after], [true, true])
  const last = await history(roomId, `after=${newer.results[0]!.id}`)
  assert.deepEqual([texts(last), last.more_after], [['m9'], false])
})

test('around what is deleted, of another room or never was there is nothing, all alike', async () => {
  const [here, there] = [await nine(), await nine()]
  await cast.member.remove(`/api/rooms/${here.roomId}/messages/${here.id(5)}/`)
  const ask = (id: number) => cast.member.ask('GET', `/api/rooms/${here.roomId}/messages/?around=${id}`)
  const answers = await Promise.all([here.id(5), there.id(5), 9_999_999].map(ask))
  assert.deepEqual(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size, 1)
  assert.equal(answers[0]!.status, 404)
  assert.equal((await ask(here.id(4))).status, 200)
})

test('messages are had by their ids, the newest first; those of other rooms are not among them', async () => {
  const [here, there] = [await nine(), await nine()]
  await cast.member.remove(`/api/rooms/${here.roomId}/messages/${here.id(7)}/`)
  const asked = [here.id(2), there.id(3), here.id(7), 9_999_999, here.id(8), here.id(2)]
  const page = await history(here.roomId, `ids=${asked.join(',')}`)
  assert.deepEqual(texts(page), ['m8', '', 'm2'])
  assert.deepEqual([page.more, page.more_after, page.version], [false, undefined, page.results[1]!.version])
})

test('every page brings what hangs on its messages and on no others', async () => {
  const { roomId, messages, id } = await nine()
  for (const n of [4, 5, 8]) {
    await cast.member.put(`/api/rooms/${roomId}/messages/${id(n)}/reactions/${encodeURIComponent('👍')}/`)
    await cast.roomOwner.put(`/api/rooms/${roomId}/pins/${id(n)}/`)
  }
  await cast.member.remove(`/api/rooms/${roomId}/pins/${id(4)}/`)
  const hanging = (page: HistoryPage) => ({
    reactions: page.reactions.map(({ message_id }) => message_id),
    pins: page.pins.map(({ message_id, unpinned_at }) => (unpinned_at === null ? message_id : -message_id)),
    threads: page.threads,
  })
  const both = { reactions: [id(4), id(5)], pins: [-id(4), id(5)], threads: [] }
  for (const query of [`around=${id(5)}&limit=3`, `before=${id(7)}&limit=3`, `after=${id(3)}&limit=3`])
    assert.deepEqual(hanging(await history(roomId, query)), both, query)
  const eight = { reactions: [id(8)], pins: [id(8)], threads: [] }
  assert.deepEqual(hanging(await history(roomId, `ids=${id(8)},${id(1)}`)), eight)
  const none = await history(roomId, `before=${messages[0]!.id}`)
  assert.deepEqual(hanging(none), { reactions: [], pins: [], threads: [] })
})
