import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matches, parseFilter } from '../tags-filter.ts'
import { random } from './random.ts'

const tags = {
  ticker: 'AAPL',
  price: '150.25',
  volume: '1000',
  debt: '-0.5',
  huge: '123456789012345678901234567890',
  thirds: '0.3333333333333333333',
  empty: '',
  text: 'цена 5',
  list: '1,2',
}

const leaf = (key: string, cmp: string, val?: string, vals?: string[]) => ({ key, cmp, val, vals })

/** What matches a publication with these tags, and what does not. */
const comparisons: Array<[filter: unknown, isMatch: boolean]> = [
  [leaf('ticker', 'eq', 'AAPL'), true],
  [leaf('ticker', 'eq', 'aapl'), false],
  [leaf('absent', 'eq', 'AAPL'), false],
  [leaf('ticker', 'neq', 'MSFT'), true],
  [leaf('ticker', 'neq', 'AAPL'), false],
  [leaf('absent', 'neq', 'AAPL'), true],
  [leaf('ticker', 'in', undefined, ['MSFT', 'AAPL']), true],
  [leaf('ticker', 'in', undefined, ['MSFT']), false],
  [leaf('absent', 'in', undefined, ['MSFT']), false],
  [leaf('absent', 'in', undefined, ['']), true],
  [leaf('empty', 'in', undefined, ['']), true],
  [leaf('ticker', 'nin', undefined, ['MSFT']), true],
  [leaf('ticker', 'nin', undefined, ['AAPL']), false],
  [leaf('absent', 'nin', undefined, ['AAPL']), true],
  [leaf('absent', 'nin', undefined, ['']), false],
  [leaf('empty', 'ex'), true],
  [leaf('absent', 'ex'), false],
  [leaf('', 'ex'), false],
  [leaf('absent', 'nex'), true],
  [leaf('ticker', 'nex'), false],
  [leaf('constructor', 'nex'), true],
  [leaf('__proto__', 'nex'), true],
  [leaf('ticker', 'sw', 'AA'), true],
  [leaf('ticker', 'sw', 'PL'), false],
  [leaf('absent', 'sw', 'A'), false],
  [leaf('ticker', 'ew', 'PL'), true],
  [leaf('ticker', 'ew', 'AA'), false],
  [leaf('text', 'ct', 'ена'), true],
  [leaf('text', 'ct', 'x'), false],
  [leaf('absent', 'ct', 'x'), false],
  [leaf('price', 'gt', '150.2499'), true],
  [leaf('price', 'gt', '150.25'), false],
  [leaf('price', 'gt', '150.250'), false],
  [leaf('price', 'gte', '150.250'), true],
  [leaf('price', 'gte', '1000'), false],
  [leaf('volume', 'lt', '1000.1'), true],
  [leaf('volume', 'lt', '0999'), false],
  [leaf('volume', 'lte', '+1000.0'), true],
  [leaf('volume', 'lte', '-1000'), false],
  [leaf('debt', 'lt', '0'), true],
  [leaf('debt', 'lt', '-0.50'), false],
  [leaf('debt', 'gt', '-0.5000000000000000001'), true],
  [leaf('huge', 'gt', '123456789012345678901234567889'), true],
  [leaf('huge', 'gt', '123456789012345678901234567890'), false],
  [leaf('huge', 'lt', '123456789012345678901234567890.1'), true],
  [leaf('thirds', 'lt', '0.3333333333333333334'), true],
  [leaf('thirds', 'gte', '0.3333333333333333333'), true],
  [leaf('absent', 'lt', '1'), false],
  [leaf('absent', 'gte', '1'), false],
  [leaf('empty', 'lt', '1'), false],
  [leaf('ticker', 'lt', '1'), false],
  [leaf('list', 'gt', '0'), false],
  [leaf('volume', 'gt', 'x'), false],
  [leaf('volume', 'lte', 'x'), false],
  // Neither has the form of Centrifugo's decimals.
  [leaf('volume', 'gt', '1e1'), false],
  [leaf('volume', 'gt', '.5'), false],
  [leaf('volume', 'gt', '1.'), false],
  [leaf('volume', 'gt', ' 1'), false],
  [leaf('volume', 'gt', '0x1'), false],
  [leaf('volume', 'gt', '-'), false],
  [leaf('volume', 'gt', '0.00000000000000000001'), false],
  [leaf('volume', 'gt', '0'.repeat(200)), true],
  [leaf('volume', 'gt', '0'.repeat(201)), false],
]

const yes = leaf('ticker', 'eq', 'AAPL')
const no = leaf('ticker', 'eq', 'MSFT')
const and = (...nodes: unknown[]) => ({ op: 'and', nodes })
const or = (...nodes: unknown[]) => ({ op: 'or', nodes })
const not = (...nodes: unknown[]) => ({ op: 'not', nodes })

const combinations: Array<[filter: unknown, isMatch: boolean]> = [
  [and(yes, yes), true],
  [and(yes, no), false],
  [or(no, yes), true],
  [or(no, no), false],
  [not(no), true],
  [not(yes), false],
  [and(or(no, yes), not(and(yes, no))), true],
  // What belongs to the other kind of node is ignored.
  [{ ...and(yes), key: 'x', cmp: 'nonsense' }, true],
  [{ ...yes, nodes: [no, 7] }, true],
  [{ ...yes, op: null, vals: null, nodes: null, more: 1 }, true],
]

test('a filter matches tags as in Centrifugo', () => {
  for (const [filter, isMatch] of [...comparisons, ...combinations]) {
    const node = parseFilter(filter)
    assert.ok(node, JSON.stringify(filter))
    assert.equal(matches(node, tags), isMatch, JSON.stringify(filter))
  }
})

test('a publication without tags is one whose tags are all absent', () => {
  for (const [filter, isMatch] of comparisons) {
    const node = parseFilter(filter)
    const isAbsent = typeof filter === 'object' && filter !== null && 'key' in filter && filter.key === 'absent'
    if (node && isAbsent) {
      assert.equal(matches(node, undefined), isMatch, JSON.stringify(filter))
      assert.equal(matches(node, {}), isMatch, JSON.stringify(filter))
    }
  }
})

test('a malformed filter is refused', () => {
  for (const filter of [
    undefined,
    null,
    7,
    'eq',
    [],
    [yes],
    {},
    { key: 'x' },
    leaf('x', 'is', 'y'),
    leaf('x', 'EQ', 'y'),
    leaf('x', 'toString', 'y'),
    leaf('x', 'eq'),
    leaf('x', 'eq', ''),
    leaf('x', 'lt', ''),
    leaf('x', 'eq', 'y', ['z']),
    leaf('', 'eq', 'y'),
    leaf('x', 'in'),
    leaf('x', 'in', undefined, []),
    leaf('x', 'nin', 'y', ['z']),
    leaf('', 'in', undefined, ['z']),
    leaf('x', 'ex', 'y'),
    leaf('x', 'nex', undefined, ['y']),
    { ...yes, op: 'xor' },
    { ...yes, op: 7 },
    { ...yes, key: 7 },
    { ...yes, cmp: true },
    { ...yes, val: 5 },
    { ...yes, vals: 'x' },
    { ...yes, nodes: 'x' },
    leaf('x', 'in', undefined, [7 as unknown as string]),
    and(),
    or(),
    not(),
    not(yes, yes),
    and(yes, null),
    and(yes, 'x'),
    and(yes, {}),
    not(leaf('x', 'eq')),
    { op: 'and', nodes: { 0: yes } },
    Object.create(yes),
  ]) {
    assert.equal(parseFilter(filter), undefined, JSON.stringify(filter))
  }
})

test('a filter that is too deep or too large is refused', () => {
  const nested = (depth: number) => Array.from({ length: depth - 1 }).reduce<unknown>((node) => not(node), yes)
  assert.ok(parseFilter(nested(32)))
  assert.equal(parseFilter(nested(33)), undefined)
  assert.equal(parseFilter(nested(20_000)), undefined)
  const wide = (count: number) => and(...Array.from({ length: count }, () => yes))
  assert.ok(parseFilter(wide(2047)))
  assert.equal(parseFilter(wide(2048)), undefined)
  const list = (count: number) => leaf('x', 'in', undefined, Array.from({ length: count }, String))
  assert.ok(parseFilter(list(2047)))
  assert.equal(parseFilter(list(2048)), undefined)
})

test('numbers are compared exactly, whatever their length', () => {
  const { below, pick } = random(5)
  const digits = (length: number) => Array.from({ length }, () => below(10)).join('')
  const scaled = (text: string) => {
    const [whole = '', fraction = ''] = text.split('.')
    return BigInt(whole + fraction.padEnd(19, '0'))
  }
  for (let round = 0; round < 3000; round++) {
    const whole = digits(1 + below(pick([3, 25])))
    const fraction = below(2) === 0 ? '' : `.${digits(1 + below(19))}`
    const one = pick(['', '-']) + whole + fraction
    const other = below(2) === 0 ? `${one.slice(0, -1)}${below(10)}` : pick(['', '-']) + digits(1 + below(25))
    const isLess = matches(parseFilter(leaf('n', 'lt', other)) ?? assert.fail(), { n: one })
    assert.equal(isLess, scaled(one) < scaled(other), `${one} ${other}`)
  }
})
