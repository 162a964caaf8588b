import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fold, foldWithPlaces } from './fold.ts'
import { findMarks, formatQuery, matchesTerms, parseQuery, type SearchQuery } from './query.ts'
import { makeSnippet } from './snippet.ts'

function parse(text: string): SearchQuery {
  const parsed = parseQuery(text)
  assert.ok('query' in parsed, `${text}: ${JSON.stringify(parsed)}`)
  return parsed.query
}

test('words, phrases, exclusions and filters are told apart', () => {
  const query = parse(
    'Grüße from:ann in:"Coffee break" has:link before:2026-01-31 "good Morning" -late FROM:@Bob in:#room',
  )
  assert.deepEqual(query, {
    terms: [
      { text: 'grusse', isExact: false, isExcluded: false },
      { text: 'good morning', isExact: true, isExcluded: false },
      { text: 'late', isExact: false, isExcluded: true },
    ],
    from: ['ann', 'Bob'],
    in: ['Coffee break', 'room'],
    has: ['link'],
    before: '2026-01-31',
    after: null,
  })
  assert.deepEqual(parse(formatQuery(query)), query)
})

test('what looks like a filter and is none is a word', () => {
  assert.deepEqual(
    parse('https://example.com foo:bar ":*" &|!()').terms.map(({ text }) => text),
    ['https://example.com', 'foo:bar', ':*', '&|!()'],
  )
})

const problems: [string, string][] = [
  ['', 'empty'],
  ['   ', 'empty'],
  ['-word', 'empty'],
  ['"" " "', 'empty'],
  ['a', 'too_short'],
  ['é', 'too_short'],
  ['好', 'too_short'],
  ['a b', 'too_short'],
  ['before:soon', 'not_a_date'],
  ['after:2026-02-30 x', 'not_a_date'],
  ['has:everything', 'unknown_has'],
  ['a '.repeat(10_000), 'too_many'],
]
for (const [text, problem] of problems) {
  test(`${JSON.stringify(text.slice(0, 30))} is refused: ${problem}`, () => {
    assert.deepEqual(parseQuery(text), { problem })
  })
}

const finds: [query: string, text: string, isFound: boolean][] = [
  ['meet', 'A MEETING', true],
  ['eeti', 'A meeting', true],
  ['cafe', 'Das Café', true],
  ['café', 'das cafe', true],
  ['me', 'meeting', true],
  ['me', 'home', false],
  ['me', '(me)', true],
  ['会议', '今天的会议很长', true],
  ['"the"', 'other', false],
  ['"the"', 'in the end', true],
  ['"good morning"', 'Good   morning, all', true],
  ['"good morning"', 'good mornings', false],
  ['"会议"', '今天的会议很长', true],
  ['tea -milk', 'tea with milk', false],
  ['tea -milk', 'tea', true],
  ['tea milk', 'tea', false],
  ['100%', '100% wool', true],
  ['c++', 'C++ or Rust', true],
]
for (const [query, text, isFound] of finds) {
  test(`${query} ${isFound ? 'finds' : 'does not find'} ${text}`, () => {
    assert.equal(matchesTerms(fold(text), parse(query).terms), isFound)
  })
}

test('marks stand in the original, apart and in order', () => {
  const original = 'Straße und STRASSENBAHN'
  const marks = findMarks(foldWithPlaces(original), parse('strasse straß bahn').terms)
  assert.deepEqual(
    marks.map(([from, to]) => original.slice(from, to)),
    ['Straße', 'STRASSE', 'BAHN'],
  )
})

test('a snippet shows what was found, with its surroundings', () => {
  const content = `${'before '.repeat(60)}needle ${'after '.repeat(60)}`
  const snippet = makeSnippet(content, parse('needle').terms)
  assert.ok(snippet.text.length < 300 && snippet.is_cut_before && snippet.is_cut_after)
  assert.deepEqual(
    snippet.marks.map(([from, to]) => snippet.text.slice(from, to)),
    ['needle'],
  )
  const short = makeSnippet('a needle', parse('needle').terms)
  assert.deepEqual(short, { text: 'a needle', marks: [[2, 8]], is_cut_before: false, is_cut_after: false })
})
