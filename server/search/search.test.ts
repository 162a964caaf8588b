import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { OwnRoom } from '@grandchat/contracts/rooms/schema'
import type { MessageSearchAnswer } from '@grandchat/contracts/search/schema'
import { type Cast, gatherCast, letIn, openRoom } from '../testing/cast.ts'
import type { Person } from '../testing/person.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

const search = (person: Person, q: string, more = '') =>
  person.get<MessageSearchAnswer>(`/api/search/messages/?q=${encodeURIComponent(q)}${more}`)
const contents = ({ results }: MessageSearchAnswer) => results.map(({ message }) => message.content)

/** Both before and after the packer has been there: no difference may show. */
const moments = [
  ['not packed yet', async () => undefined],
  ['packed', () => server.services.packer.packAll()],
] as const

for (const [moment, settle] of moments) {
  const roomOf = () => openRoom(server, cast, 'private')

  test(`members find words, prefixes, parts, accents, case and CJK (${moment})`, async () => {
    const { id } = await roomOf()
    const lines = ['Das Café öffnet um 9', 'Die Konferenz beginnt', '今天的会议很长', 'Нужен ЧАЙ', 'ok then']
    for (const line of lines) await cast.member.send(id, line)
    await settle()
    const found: [string, number[]][] = [
      ['café', [0]],
      ['CAFE offnet', [0]],
      ['konf', [1]],
      ['feren', [1]],
      ['会议', [2]],
      ['今天 很长', [2]],
      ['чай', [3]],
      ['ok', [4]],
      ['cafe konferenz', []],
    ]
    for (const [q, expected] of found) {
      const answer = await search(cast.roomOwner, `${q} in:${id}`)
      assert.deepEqual(
        contents(answer),
        expected.map((i) => lines[i]),
        q,
      )
    }
  })

  test(`nobody else finds anything of a private room: not by words, names, counts or corrections (${moment})`, async () => {
    const { id, name } = await roomOf()
    const word = `zanzibar${id}x`
    await cast.member.send(id, `the secret ${word} is near`)
    await settle()
    assert.equal((await search(cast.roomOwner, word)).results.length, 1, 'its members find it')
    const nothing = { results: [], more: false }
    for (const role of ['outsider', 'leaver', 'owner'] as const) {
      for (const q of [word, word.slice(2, 7), `from:mia ${word}`, `zanzibra${id}x`, `in:${id}`, `in:${id} secret`]) {
        assert.deepEqual(await search(cast[role], q), nothing, `${role} ${q}`)
      }
      assert.deepEqual(await search(cast[role], `in:"${name}"`), nothing, role)
    }
  })

  test(`who joins finds all, who leaves nothing any more (${moment})`, async () => {
    const { id } = await roomOf()
    const word = `quixotic${id}`
    await cast.member.send(id, word)
    await settle()
    const guest = await server.member(`guest${id}`)
    assert.deepEqual(contents(await search(guest, word)), [])
    await letIn(server, id, guest)
    assert.deepEqual(contents(await search(guest, word)), [word])
    await guest.post(`/api/rooms/${id}/leave/`)
    assert.deepEqual(contents(await search(guest, word)), [])
  })

  test(`deleted and edited messages are found as they are now (${moment})`, async () => {
    const { id } = await roomOf()
    const [gone, changed] = [await cast.member.send(id, `marmalade${id}`), await cast.member.send(id, `tangerine${id}`)]
    await cast.member.send(id, `clementine${id}`)
    await settle()
    await cast.member.ask('DELETE', `/api/rooms/${id}/messages/${gone.id}/`)
    await cast.member.ask('PATCH', `/api/rooms/${id}/messages/${changed.id}/`, { content: `pomelo${id}` })
    const sees = async () => {
      for (const q of [`marmalade${id}`, `tangerine${id}`, `marmelade${id}`]) {
        assert.deepEqual(await search(cast.member, q), { results: [], more: false }, q)
      }
      assert.deepEqual(contents(await search(cast.member, `pomelo${id}`)), [`pomelo${id}`])
      assert.deepEqual(contents(await search(cast.member, `clementine${id}`)), [`clementine${id}`])
    }
    await sees()
    await settle()
    await sees()
  })

  test(`a word that nobody wrote is corrected by one that the searcher may read (${moment})`, async () => {
    const { id } = await roomOf()
    await cast.member.send(id, `the kubernetes of room${id}`)
    await cast.outsider.createRoom(`Elsewhere ${id}`, 'private')
    await settle()
    const answer = await search(cast.roomOwner, `kuberentes in:${id}`)
    assert.equal(answer.corrected, `in:${id} kubernetes`)
    assert.deepEqual(contents(answer), [`the kubernetes of room${id}`])
    assert.equal((await search(cast.roomOwner, `teh in:${id}`)).corrected, `in:${id} the`)
    assert.equal((await search(cast.roomOwner, `"teh" in:${id}`)).corrected, undefined, 'quoted means what it says')
  })

  test(`little that was found is kept, with an offer of what may have been meant (${moment})`, async () => {
    const { id } = await roomOf()
    await cast.member.send(id, `the kuberntes of room${id}`)
    for (let i = 0; i < 7; i++) await cast.roomOwner.send(id, `kubernetes again, ${i}`)
    await settle()
    const answer = await search(cast.roomOwner, `kuberntes in:${id}`)
    assert.deepEqual(contents(answer), [`the kuberntes of room${id}`])
    assert.equal(answer.suggestion?.q, `in:${id} kubernetes`)
    assert.deepEqual(
      answer.suggestion.results.map(({ message }) => message.content),
      [6, 5, 4, 3, 2].map((i) => `kubernetes again, ${i}`),
    )
    assert.equal((await search(cast.roomOwner, `kubernetes in:${id}`)).suggestion, undefined, 'there is much of it')
    assert.equal((await search(cast.roomOwner, `again kuberntes in:${id}`)).suggestion, undefined)
    assert.equal(
      (await search(cast.roomOwner, `"kuberntes" in:${id}`)).suggestion,
      undefined,
      'quoted means what it says',
    )
    assert.deepEqual(await search(cast.outsider, `kuberntes in:${id}`), { results: [], more: false })
  })

  test(`words of rooms that one is not in are never offered (${moment})`, async () => {
    const { id } = await roomOf()
    const [hidden, written] = [`zeppelin${id}q`, `zepelin${id}q`]
    for (let i = 0; i < 8; i++) await cast.member.send(id, `${hidden} ${i}`)
    const stranger = await server.member(`stranger${id}`)
    const own = await stranger.createRoom(`Own ${id}`, 'private')
    await stranger.send(own.id, `one ${written}`)
    await settle()
    const answer = await search(stranger, written)
    assert.deepEqual([contents(answer), answer.suggestion], [[`one ${written}`], undefined])
    await letIn(server, id, stranger)
    assert.equal((await search(stranger, written)).suggestion?.q, hidden, 'who is let in is offered it')
  })

  test(`filters narrow a search (${moment})`, async () => {
    const { id } = await roomOf()
    await cast.member.send(id, 'see https://example.com today')
    await cast.roomOwner.send(id, 'run `npm start` today')
    const liked = await cast.member.send(id, 'nothing special today')
    await cast.roomOwner.ask('PUT', `/api/rooms/${id}/messages/${liked.id}/reactions/${encodeURIComponent('👍')}/`)
    await settle()
    const found = async (q: string) => contents(await search(cast.member, `${q} in:${id}`)).map((c) => c.split(' ')[0])
    assert.deepEqual(await found('has:link'), ['see'])
    assert.deepEqual(await found('has:code today'), ['run'])
    assert.deepEqual(await found('has:reaction'), ['nothing'])
    assert.deepEqual(await found('has:pin'), [])
    assert.deepEqual(await found('has:thread'), [])
    assert.deepEqual(await found('from:me today'), ['nothing', 'see'])
    assert.deepEqual(await found('from:@Rosa'), ['run'])
    assert.deepEqual(await found('from:nobody'), [])
    assert.deepEqual(await found('today -special'), ['run', 'see'])
    assert.deepEqual(await found('after:2020-01-01 today'), ['nothing', 'run', 'see'])
    assert.deepEqual(await found('before:2020-01-01 today'), [])
  })
}

test('results come newest first, in pages without gaps or repeats, over packs and what is not packed', async () => {
  const rooms: OwnRoom[] = [await openRoom(server, cast, 'private'), await openRoom(server, cast, 'private')]
  const word = `pagination${rooms[0]!.id}`
  const sent: number[] = []
  for (let i = 0; i < 60; i++) {
    if (i === 50) await server.services.packer.packAll()
    const text = `${word} ${i} ${'padding '.repeat(i % 7 === 0 ? 200 : 2)}`
    sent.push((await cast.member.send(rooms[i % 2]!.id, text)).id)
  }
  const seen: number[] = []
  for (let more = true, before = ''; more;) {
    const answer = await search(cast.member, word, `&limit=7${before}`)
    seen.push(...answer.results.map(({ message }) => message.id))
    before = `&before=${seen.at(-1)}`
    ;({ more } = answer)
  }
  assert.deepEqual(seen, sent.toReversed())
})

test('a result shows where the words stand and where the message is', async () => {
  const { id } = await openRoom(server, cast, 'private')
  const message = await cast.member.send(id, `Grüße aus der <b>STRASSE</b> ${id}`)
  const { results } = await search(cast.member, `straße in:${id}`)
  const [found] = results
  assert.equal(found!.room_id, id)
  assert.equal(found!.message.id, message.id)
  assert.equal(found!.message.room.id, id)
  assert.equal(found!.snippet.text, message.content, 'never HTML')
  assert.deepEqual(
    found!.snippet.marks.map(([from, to]) => found!.snippet.text.slice(from, to)),
    ['STRASSE'],
  )
})

test('odd searches are answered or refused, and never an error of the server', async () => {
  const { id } = await openRoom(server, cast, 'private')
  await cast.member.send(id, `it's 100% a_b\\c :* &|!() done`)
  await server.services.packer.packAll()
  for (const q of ["it's", '100%', 'a_b\\c', ':*', '&|!()', '%%', '__', '\\\\', '"it\'s 100%"', '((((', '::::']) {
    const answer = await search(cast.member, `${q} in:${id}`)
    const isThere = ["it's", '100%', 'a_b\\c', ':*', '&|!()', '"it\'s 100%"'].includes(q)
    assert.equal(answer.results.length, isThere ? 1 : 0, q)
  }
  const refused = ['', 'a', '好', 'xy '.repeat(21), 'y'.repeat(501), '\u0000abc', 'has:x', 'before:1']
  for (const q of refused) {
    const answer = await cast.member.ask('GET', `/api/search/messages/?q=${encodeURIComponent(q)}`)
    assert.equal(answer.status, 400, q.slice(0, 20))
  }
  const long = await cast.member.ask('GET', `/api/search/messages/?q=${'x+'.repeat(10_000)}`)
  assert.ok(long.status >= 400 && long.status < 500, 'ten thousand terms')
  for (const more of ['&limit=0', '&limit=51', '&limit=x', '&before=0', '&before=-1', '&before=9'.padEnd(30, '9')]) {
    assert.equal((await cast.member.ask('GET', `/api/search/messages/?q=done${more}`)).status, 400, more)
  }
  assert.equal((await cast.member.ask('GET', '/api/search/messages/')).status, 400)
})
