import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CDPSession, Page } from '@playwright/test'
import { openChromium } from '../../tools/chromium.ts'
import { startInstallation } from '../installation.ts'
import type { Row } from '../report.ts'
import type { Scope } from '../scope.ts'
import { percentile } from '../statistics.ts'
import { openDatabase, type Somebody } from '../world.ts'
import { scrollBy, type Scrolled, switchRoom } from './in-page.ts'
import { type FilledRoom, fillRooms } from './world.ts'

const built = join(import.meta.dirname, '../../web/dist/index.html')

export const webSizes = { rooms: 20, messages: 200, largest: 100_000, switches: 500, steps: 150 }

/** What a person feels, in a real Chromium: opening a room that was read before, scrolling a long one, and memory. */
export async function web(scope: Scope, sizes = webSizes): Promise<Row[]> {
  if (!existsSync(built))
    return [{ name: 'in a browser', value: Number.NaN, unit: 'ms', void: 'npm start builds the page' }]
  const installation = await startInstallation(scope)
  const db = await openDatabase(scope, installation)
  const { reader, rooms, large } = await fillRooms(db, sizes)
  const page = await openPage(scope, installation.url, reader)
  for (const room of rooms) await page.evaluate(switchRoom, room)
  scope.say(`${sizes.switches} switches between ${rooms.length} rooms that were seen before`)
  const switched = await switchAround(page, rooms, sizes.switches)
  scope.say(`scrolling in ${sizes.largest.toLocaleString('en')} messages, up and down`)
  await page.evaluate(switchRoom, large)
  const up = await page.evaluate(scrollBy, { px: -500, steps: sizes.steps })
  const down = await page.evaluate(scrollBy, { px: 500, steps: Math.floor(sizes.steps / 2) })
  return [...switchRows(switched), ...scrollRows('up', up), ...scrollRows('down', down)]
}

async function openPage(scope: Scope, url: string, { cookie }: Somebody): Promise<Page> {
  scope.assertOpen()
  const browser = await openChromium()
  scope.onEnd(() => browser.close())
  scope.facts['browser'] = `Chromium ${browser.version()}`
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 } })
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url }])
  const page = await context.newPage()
  await page.goto('/')
  await page.waitForSelector('[data-connection=live]')
  return page
}

type Switched = { ms: number[]; heapAfterHalf: number; heapAfterAll: number }

async function switchAround(page: Page, rooms: readonly FilledRoom[], count: number): Promise<Switched> {
  const devtools = await page.context().newCDPSession(page)
  const ms: number[] = []
  let heapAfterHalf = 0
  for (let i = 1; i <= count; i++) {
    ms.push(await page.evaluate(switchRoom, rooms[i % rooms.length]!))
    if (i === Math.ceil(count / 2)) heapAfterHalf = await heapOf(devtools)
  }
  return { ms, heapAfterHalf, heapAfterAll: await heapOf(devtools) }
}

/** Megabytes of JavaScript objects that are in use. */
async function heapOf(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

function switchRows({ ms, heapAfterHalf, heapAfterAll }: Switched): Row[] {
  const heap = `${heapAfterHalf.toFixed(1)} MB after half of the switches, ${heapAfterAll.toFixed(1)} MB after ${ms.length}`
  return [
    { name: 'opening a room seen before, p50', value: percentile(ms, 0.5), unit: 'ms', target: { atMost: 50 } },
    { name: 'opening a room seen before, p95', value: percentile(ms, 0.95), unit: 'ms' },
    // Up to there it fills what it keeps on purpose.
    { name: 'memory of the page', value: heapAfterAll / heapAfterHalf, unit: 'x', target: { atMost: 1.1 }, note: heap },
  ]
}

function scrollRows(way: string, { jumps, frames, seen }: Scrolled): Row[] {
  const name = `scrolling ${way}`
  const moved = jumps.filter((px) => px > 1).length
  return [
    {
      name: `${name}, what is read moves by, at most`,
      value: Math.max(...jumps),
      unit: 'px',
      target: { atMost: 1 },
      note: `${moved} of ${jumps.length} steps; ${seen} messages passed`,
    },
    { name: `${name}, a frame, p95`, value: percentile(frames, 0.95), unit: 'ms' },
  ]
}
