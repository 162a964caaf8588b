/** Which publications a subscriber wants, by their tags. Made by `parseFilter` alone. */
export type FilterNode = { op: 'and' | 'or' | 'not'; nodes: FilterNode[] } | Comparison

type Comparison = {
  op: 'compare'
  key: string
  cmp: Comparator
  val: string
  vals: Set<string>
  number: Decimal | undefined
}

/** Centrifugo bounds filters by the size of a frame alone, but each one is asked for every publication. */
const maxDepth = 32
/** Nodes and values of lists. */
const maxSize = 2048

/** Undefined: malformed, or too large to be asked for every publication. What is null is as good as absent. */
export function parseFilter(value: unknown): FilterNode | undefined {
  return parseNode(value, maxDepth, { size: 0 })
}

function parseNode(value: unknown, depth: number, budget: { size: number }): FilterNode | undefined {
  const members = depth > 0 && ++budget.size <= maxSize ? readMembers(value) : undefined
  if (!members) return undefined
  const { op, nodes } = members
  if (op === '') return parseComparison(members, budget)
  if (!isLogical(op) || nodes.length === 0 || (op === 'not' && nodes.length > 1)) return undefined
  const parsed: FilterNode[] = []
  for (const node of nodes) {
    const child = parseNode(node, depth - 1, budget)
    if (!child) return undefined
    parsed.push(child)
  }
  return { op, nodes: parsed }
}

type Members = { op: string; key: string; cmp: string; val: string; vals: string[]; nodes: unknown[] }

function readMembers(value: unknown): Members | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const member = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null
  const [op, key, cmp, val] = ['op', 'key', 'cmp', 'val'].map((name) => member(name) ?? '')
  const [vals, nodes] = ['vals', 'nodes'].map((name) => member(name) ?? [])
  if (!isString(op) || !isString(key) || !isString(cmp) || !isString(val)) return undefined
  if (!Array.isArray(vals) || !vals.every(isString) || !Array.isArray(nodes)) return undefined
  return { op, key, cmp, val, vals, nodes }
}

function parseComparison({ key, cmp, val, vals }: Members, budget: { size: number }): Comparison | undefined {
  budget.size += vals.length
  if (!isComparator(cmp) || budget.size > maxSize) return undefined
  const { takes } = comparators[cmp]
  if ((val !== '') !== (takes === 'value') || vals.length > 0 !== (takes === 'list')) return undefined
  if (key === '' && takes !== 'nothing') return undefined
  return { op: 'compare', key, cmp, val, vals: new Set(vals), number: parseDecimal(val) }
}

export function matches(node: FilterNode, tags: Record<string, string> | undefined): boolean {
  if (node.op === 'compare') {
    const tag = tags && Object.hasOwn(tags, node.key) ? tags[node.key] : undefined
    return comparators[node.cmp].test(tag, node)
  }
  const isMatch = (child: FilterNode) => matches(child, tags)
  return node.op === 'and' ? node.nodes.every(isMatch) : node.nodes.some(isMatch) === (node.op === 'or')
}

type Test = (tag: string | undefined, node: Comparison) => boolean

/** An absent tag is like an empty one for the lists and unlike any value. */
const comparators = {
  eq: { takes: 'value', test: (tag, { val }) => tag === val },
  neq: { takes: 'value', test: (tag, { val }) => tag !== val },
  in: { takes: 'list', test: (tag = '', { vals }) => vals.has(tag) },
  nin: { takes: 'list', test: (tag = '', { vals }) => !vals.has(tag) },
  ex: { takes: 'nothing', test: (tag) => tag !== undefined },
  nex: { takes: 'nothing', test: (tag) => tag === undefined },
  sw: { takes: 'value', test: (tag, { val }) => tag?.startsWith(val) === true },
  ew: { takes: 'value', test: (tag, { val }) => tag?.endsWith(val) === true },
  ct: { takes: 'value', test: (tag, { val }) => tag?.includes(val) === true },
  lt: { takes: 'value', test: numeric((order) => order < 0) },
  lte: { takes: 'value', test: numeric((order) => order <= 0) },
  gt: { takes: 'value', test: numeric((order) => order > 0) },
  gte: { takes: 'value', test: numeric((order) => order >= 0) },
} as const satisfies Record<string, { takes: 'value' | 'list' | 'nothing'; test: Test }>

type Comparator = keyof typeof comparators

const isComparator = (cmp: string): cmp is Comparator => Object.hasOwn(comparators, cmp)
const isLogical = (op: string) => op === 'and' || op === 'or' || op === 'not'
const isString = (value: unknown) => typeof value === 'string'

/** False when one of both is no number. */
function numeric(isWanted: (order: number) => boolean): Test {
  return (tag, { number }) => {
    const tagged = number && tag !== undefined ? parseDecimal(tag) : undefined
    return number !== undefined && tagged !== undefined && isWanted(compare(tagged, number))
  }
}

/** Exact: `scaled` is the number times 10^19, and `short` the number itself where that is exact enough to compare. */
type Decimal = { short: number | undefined; scaled: () => bigint }

const maxFractionDigits = 19
const maxDecimalLength = 200
const decimalForm = /^([+-]?)(\d+)(?:\.(\d{1,19}))?$/

/** The numbers that Centrifugo's decimals know: no exponent, at most 19 digits after the point, 200 characters in all. */
function parseDecimal(text: string): Decimal | undefined {
  const parts = text.length <= maxDecimalLength ? decimalForm.exec(text) : null
  if (!parts) return undefined
  const [, sign, whole = '', fraction = ''] = parts
  return {
    // Up to 15 digits, different decimals are different floating-point numbers, in the same order.
    short: whole.length + fraction.length <= 15 ? Number(text) : undefined,
    scaled: () => BigInt(whole + fraction.padEnd(maxFractionDigits, '0')) * (sign === '-' ? -1n : 1n),
  }
}

function compare(one: Decimal, other: Decimal): number {
  if (one.short !== undefined && other.short !== undefined) return one.short - other.short
  const difference = one.scaled() - other.scaled()
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}
