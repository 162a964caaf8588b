import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fold } from '@grandchat/contracts/search/fold'
import { matchesTerms, parseQuery } from '@grandchat/contracts/search/query'
import type { MessageSearchAnswer } from '@grandchat/contracts/search/schema'
import { type Cast, gatherCast, openRoom } from '../testing/cast.ts'
import { startTestServer, type TestServer } from '../testing/server.ts'

let server: TestServer
let cast: Cast
before(async () => {
  server = await startTestServer()
  cast = await gatherCast(server)
})
after(() => server.stop())

/** Numbers from 0 to 1, the same at every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 8) / 2 ** 24
  }
}

const syllables = "to at is team meet ing er está ß ç при вет 今天 会议 ช้า 👍 ( ) _ - % \\ . ' & | :* 7".split(' ')

/** Texts of which parts are in many others, so that most of what looks alike is not what is asked for. */
function makeText(random: () => number): string {
  const word = () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(random, syllables)).join('')
  return Array.from({ length: 1 + Math.floor(random() * 25) }, word).join(random() < 0.1 ? '\n' : ' ')
}

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

/** Parts of what was written, in quotes, left out or two at once. */
function makeQuery(random: () => number, texts: readonly string[]): string {
  const part = () => {
    const text = pick(random, texts)
    const from = Math.floor(random() * text.length)
    return text.slice(from, from + 2 + Math.floor(random() * 9)).replaceAll(/["\s]+/g, random() < 0.5 ? ' ' : '')
  }
  const quoted = random() < 0.3 ? `"${part()}"` : part()
  return [quoted, ...(random() < 0.3 ? [part()] : []), ...(random() < 0.2 ? [`-${part()}`] : [])].join(' ')
}

test('a search finds exactly what reading everything finds, packed or not', async () => {
  const random = seeded(5)
  const rooms = [await openRoom(server, cast, 'private'), await openRoom(server, cast, 'private')]
  const hidden = await cast.outsider.createRoom('Hidden', 'private')
  const sent: { id: number; content: string }[] = []
  for (let i = 0; i < 160; i++) {
    if (i === 120) await server.services.packer.packAll()
    const content = makeText(random)
    sent.push({ id: (await cast.member.send(pick(random, rooms).id, content)).id, content })
    if (i % 8 === 0) await cast.outsider.send(hidden.id, content)
  }
  const folded = sent.map(({ id, content }) => ({ id, text: fold(content) })).toReversed()
  let found = 0
  for (let i = 0; i < 150; i++) {
    if (i === 75) await server.services.packer.packAll()
    const q = makeQuery(
      random,
      sent.map(({ content }) => content),
    )
    const parsed = parseQuery(q)
    if (!q.isWellFormed() || 'problem' in parsed || parsed.query.from.length + parsed.query.in.length > 0) continue
    const ids = folded.filter(({ text }) => matchesTerms(text, parsed.query.terms)).map(({ id }) => id)
    const answer = await cast.member.get<MessageSearchAnswer>(
      `/api/search/messages/?limit=50&q=${encodeURIComponent(q)}`,
    )
    const results = answer.corrected === undefined ? answer.results : []
    assert.deepEqual(
      results.map(({ message }) => message.id),
      ids.slice(0, 50),
      JSON.stringify(q),
    )
    assert.equal(answer.corrected === undefined && answer.more, ids.length > 50)
    found += ids.length
  }
  assert.ok(found > 500, `${found} found`)
})
