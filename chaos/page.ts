import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { openChromium } from '../tools/chromium.ts'
import type { Happening, History } from './history.ts'
import type { Proxy } from './proxy.ts'
import type { Account } from './world.ts'

const built = join(import.meta.dirname, '../web/dist/index.html')
const lookMs = 1_000
/** On a machine that is busy with other things. */
const patienceMs = 120_000

/** A browser for pages that are watched; undefined where there is none, or nothing to show in it. */
export async function openBrowser(): Promise<Browser | undefined> {
  if (!existsSync(built)) return undefined
  return openChromium().catch((): undefined => undefined)
}

export type PageOptions = { browser: Browser; history: History; account: Account; network: Proxy; room: number }

/** The real web app in a real browser, with one room on screen: what stands there is written down every second. */
export class WatchedPage {
  readonly network: Proxy
  #page: Page
  #history: History
  #who: { proc: string; user: number; room: number }
  #timer: NodeJS.Timeout

  private constructor(page: Page, { history, account, network, room }: PageOptions) {
    this.#page = page
    this.#history = history
    this.network = network
    this.#who = { proc: `${account.name}_page`, user: account.id, room }
    // It marks what it shows as read, and nobody writes that down.
    history.add({ ...this.#who, f: 'mark', type: 'info', seq: 0 })
    this.#timer = setInterval(() => void this.#look(false).then((seen) => this.#history.add(seen), ignore), lookMs)
  }

  static async open(options: PageOptions): Promise<WatchedPage> {
    const { browser, account, network, room } = options
    const baseURL = `http://127.0.0.1:${network.port}`
    const context = await browser.newContext({ baseURL })
    const [name = '', value = ''] = account.cookie.split('=')
    await context.addCookies([{ name, value, url: baseURL }])
    const page = await context.newPage()
    await page.goto(`/rooms/${room}`)
    await page.waitForSelector('[data-connection=live]', { timeout: patienceMs })
    return new WatchedPage(page, options)
  }

  /** What stands at the end of the room, as the last word. A reader with much unread is elsewhere, and goes there first. */
  async final(): Promise<Happening> {
    await this.#page.evaluate(() => {
      let box = document.querySelector('[data-message-id]')?.parentElement
      while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement
      box?.scrollTo(0, box.scrollHeight)
    })
    return this.#look(true)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#page.context().close()
  }

  /** The messages on screen from top to bottom: those far away are not in the page at all. */
  async #look(isLast: boolean): Promise<Happening> {
    const ids = await this.#page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[data-message-id]')]
        .map((element) => ({ id: Number(element.dataset['messageId']), top: element.getBoundingClientRect().top }))
        .sort((a, b) => a.top - b.top)
        .map(({ id }) => id),
    )
    return { ...this.#who, f: 'page', ids, isLast }
  }
}

function ignore() {}
