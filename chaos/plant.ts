import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import { failpoints, bugs, shortcuts, type BugName, type FailpointName, type Plant } from './plants.ts'

/**
 * Loaded first into a process of the product (`node --import chaos/plant.ts server/main.ts`): changes its sources as they
 * are loaded, and obeys the run over the channel to its parent. Without a parent that speaks it does nothing.
 */
export type Order =
  /** At the `after`-th pass from now on, and `times` times in all. */
  | { failpoint: FailpointName; action: 'kill' | 'wait' | 'fail' | 'skip'; after: number; times: number; ms: number }
  | { failpoint: FailpointName; action: 'off' }
  /** Steps the clock of the process to so many milliseconds off. */
  | { clockMs: number }
export type Report = { isLoaded: true } | { isObeyed: true } | { passed: FailpointName }

type Armed = Extract<Order, { after: number }>
type Chaos = {
  isArmed: (name: FailpointName) => boolean
  pass: (name: FailpointName) => Promise<'skip' | undefined>
}

declare global {
  // eslint-disable-next-line no-var
  var chaos: Chaos | undefined
}

const root = new URL('../', import.meta.url).href
const armed = new Map<FailpointName, Armed>()

/** Applies plants to one file's source; throws unless each piece is there exactly once. */
export function plant(file: string, source: string, plants: readonly Plant[]): string {
  return plants
    .filter((one) => one.file === file)
    .reduce((text, { from, to }) => {
      const pieces = text.split(from)
      if (pieces.length !== 2) throw new Error(`${file} has ${pieces.length - 1} times what chaos replaces: ${from}`)
      return pieces.join(to)
    }, source)
}

async function pass(name: FailpointName): Promise<'skip' | undefined> {
  const order = armed.get(name)
  if (!order || --order.after > 0) return undefined
  if (--order.times <= 0) armed.delete(name)
  report({ passed: name })
  // What was written before goes out first.
  if (order.ms > 0) await new Promise((resolve) => setTimeout(resolve, order.ms))
  if (order.action === 'kill') process.kill(process.pid, 'SIGKILL')
  if (order.action === 'fail') throw new Error(`the failpoint ${name} fails`)
  return order.action === 'skip' ? 'skip' : undefined
}

function obey(order: Order): void {
  if ('clockMs' in order) stepClock(order.clockMs)
  else if (order.action === 'off') armed.delete(order.failpoint)
  else armed.set(order.failpoint, { ...order })
  report({ isObeyed: true })
}

function report(message: Report): void {
  process.send?.(message)
}

const RealDate = globalThis.Date

function stepClock(ms: number): void {
  globalThis.Date = class extends RealDate {
    constructor(...given: [] | [string | number | Date]) {
      if (given.length === 0) super(RealDate.now() + ms)
      else super(...(given as [string]))
    }

    static override now(): number {
      return RealDate.now() + ms
    }
  } as DateConstructor
}

function load(bugNames: readonly string[]): void {
  const plants: Plant[] = [
    ...Object.values(failpoints),
    ...bugNames.map((name) => ({ ...bugs, ...shortcuts })[name as BugName]),
  ]
  globalThis.chaos = { isArmed: (name) => armed.has(name), pass }
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      const file = url.startsWith(root) ? url.slice(root.length) : ''
      if (!plants.some((one) => one.file === file)) return loaded
      return { ...loaded, source: plant(file, readFileSync(new URL(url), 'utf8'), plants) }
    },
  })
  process.on('message', (message) => obey(message as Order))
  // Nobody waits for orders.
  process.channel?.unref()
  report({ isLoaded: true })
}

const given = process.env['GRANDCHAT_CHAOS']
if (isMainThread && given !== undefined && process.channel) load(given.split(',').filter(Boolean))
