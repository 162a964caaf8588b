import type { random } from '../test/random.ts'

export type Random = ReturnType<typeof random>

/** Numbers at the edges of what programs store numbers in. */
const numbers = [0, -0, 1, -1, 2, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 63), 1e308, 0.5]
const texts = [
  '',
  ' ',
  '\0',
  '\n',
  '\u2028',
  '"',
  '\\',
  '🦊',
  '\ud800',
  'ї',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%00',
  'x'.repeat(300),
]
export const channels = [
  'open:1',
  'open:2',
  'delta:1',
  'cache:1',
  'tagged:1',
  'closed:1',
  '$open:1',
  'open:#ann',
  'open:#ann,bob',
  'nowhere:1',
  '1',
  ':',
  'open:',
  '$',
  '#',
  `open:${'x'.repeat(256)}`,
]

/** Any JSON value, up to a depth. */
export function anyValue(random: Random, depth = 3): unknown {
  const kind = random.below(depth > 0 ? 8 : 6)
  if (kind === 0) return null
  if (kind === 1) return random.pick([true, false])
  if (kind === 2) return random.pick(numbers)
  if (kind === 3) return random.pick(texts)
  if (kind === 4) return random.pick(channels)
  if (kind === 5) return random.below(1000)
  if (kind === 6) return Array.from({ length: random.below(4) }, () => anyValue(random, depth - 1))
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [
      random.pick([...texts, ...memberNames]),
      anyValue(random, depth - 1),
    ]),
  )
}

/** Of the protocol and of the server API. */
export const memberNames = [
  'id',
  'channel',
  'channels',
  'data',
  'b64data',
  'token',
  'recover',
  'offset',
  'epoch',
  'since',
  'limit',
  'reverse',
  'type',
  'flag',
  'delta',
  'tf',
  'subs',
  'tags',
  'user',
  'client',
  'session',
  'code',
  'reason',
  'disconnect',
  'info',
  'expire_at',
  'idempotency_key',
  'version',
  'version_epoch',
  'skip_history',
  'commands',
  'publish',
  'broadcast',
  'parallel',
  'pattern',
  'method',
  'params',
]

/** What a member of this name should be, most of the time. */
export function plausible(random: Random, name: string): unknown {
  if (random.below(6) === 0) return anyValue(random)
  switch (name) {
    case 'channel':
      return random.pick(channels)
    case 'channels':
      return Array.from({ length: random.below(5) }, () => random.pick(channels))
    case 'limit':
    case 'offset':
    case 'type':
    case 'flag':
    case 'code':
    case 'version':
    case 'expire_at':
      return random.pick(numbers)
    case 'recover':
    case 'reverse':
    case 'skip_history':
    case 'parallel':
      return random.pick([true, false])
    case 'since':
      return { offset: random.pick(numbers), epoch: random.pick(texts) }
    case 'user':
      return random.pick(['ann', 'bob', '', 'nobody'])
    case 'delta':
      return random.pick(['fossil', '', 'magic'])
    case 'tf':
      return {
        op: random.pick(['', 'and', 'or', 'not', 'x']),
        key: 'a',
        cmp: random.pick(['eq', 'in', 'gt', 'x']),
        val: '1',
        nodes: random.pick([[], [{ key: 'a', cmp: 'ex' }]]),
      }
    default:
      return anyValue(random)
  }
}

/** The bytes with some of them changed, lost, doubled or exchanged. */
export function mutated(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes)
  for (let n = random.below(4) + 1; n > 0 && result.length > 0; n--) {
    const at = random.below(result.length)
    const kind = random.below(5)
    if (kind === 0) result[at] = random.below(256)
    else if (kind === 1) result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1)])
    else if (kind === 2) result = Buffer.concat([result.subarray(0, at), randomBytes(random, 3), result.subarray(at)])
    else if (kind === 3) result = result.subarray(0, at)
    else result = Buffer.concat([result, result.subarray(at)])
  }
  return result
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)))
}
