import { test as base, expect, type Browser, type Locator, type Page } from '@playwright/test'
import { startLarge } from './large.ts'
import { startServer, type RunningServer } from './server.ts'

/** A person in a browser of their own. */
export class Visitor {
  page: Page

  constructor(page: Page) {
    this.page = page
  }

  async signUp(username: string, button: string): Promise<void> {
    await this.page.getByLabel('Username').fill(username)
    await this.page.getByRole('textbox', { name: 'Password' }).fill(passwordOf(username))
    await this.page.getByRole('button', { name: button }).click()
    await expect(this.connection).toHaveAttribute('data-connection', 'live')
  }

  async signIn(username: string): Promise<void> {
    await this.page.goto('/')
    await this.signUp(username, 'Sign in')
  }

  async createRoom(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New room' }).click()
    await this.page.getByRole('dialog').getByLabel('Name').fill(name)
    await this.page.getByRole('button', { name: 'Create room' }).click()
    await expect(this.page.getByRole('heading', { name, level: 1 })).toBeVisible()
  }

  async joinRoom(name: string): Promise<void> {
    await this.page.getByRole('link', { name: 'Discover rooms' }).first().click()
    await this.page.getByRole('searchbox').fill(name)
    await this.page.getByRole('button', { name: `Join ${name}` }).click()
    await this.room(name).click()
    await expect(this.page.getByRole('heading', { name, level: 1 })).toBeVisible()
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** Sends through the API of the page's own session: quicker than typing where many are needed. */
  async sendMany(roomId: number, texts: string[]): Promise<void> {
    const { headers } = await this.page.request.get('/api/csrf/').then((answer) => ({ headers: answer.headers() }))
    for (const content of texts) {
      const answer = await this.page.request.post(`/api/rooms/${roomId}/messages/`, {
        data: { content },
        headers: { 'x-csrftoken': headers['x-csrftoken'] ?? '' },
      })
      expect(answer.status()).toBe(201)
    }
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message to / })
  }

  /** Its `data-connection` says how changes arrive. */
  get connection(): Locator {
    return this.page.locator('[data-connection]').first()
  }

  /** The texts on screen, oldest first. */
  message(text: string | RegExp): Locator {
    return this.page.getByRole('article').filter({ hasText: text })
  }

  room(name: string): Locator {
    return this.page.getByRole('list', { name: 'Your rooms' }).getByRole('link', { name: new RegExp(`^${name}`) })
  }
}

export function passwordOf(username: string): string {
  return `${username} has a password`
}

type Fixtures = {
  server: RunningServer
  /** Opens a browser of somebody; every page is watched for CSP violations and uncaught errors. */
  visit: () => Promise<Visitor>
  /** The owner, set up, in a room called General. */
  owner: Visitor
  /** Somebody who followed an invite of the owner, signed in. */
  invite: (username: string) => Promise<Visitor>
}

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from it
  server: async ({}, use) => {
    const server = await (process.env['E2E_SHAPE'] === 'large' ? startLarge() : startServer())
    await use(server)
    await server.stop()
  },
  visit: async ({ browser, server }, use) => {
    const problems: string[] = []
    await use(() => openPage(browser, server.url, problems))
    // Left open, the pages of all journeys would go on asking for servers that are gone. A browser has one journey at a time.
    for (const context of browser.contexts()) await context.close()
    expect(problems, 'no CSP violations and no uncaught errors').toEqual([])
  },
  owner: async ({ visit, server }, use) => {
    const owner = await visit()
    await owner.page.goto('/')
    if (server.setupCode) await owner.page.getByLabel('One-time code').fill(server.setupCode)
    await owner.signUp('olga', 'Make my account')
    await owner.createRoom('General')
    await use(owner)
  },
  invite: async ({ visit, owner }, use) => {
    await use(async (username) => {
      const guest = await visit()
      await guest.page.goto(await makeInvite(owner))
      await guest.signUp(username, 'Join')
      return guest
    })
  },
})

async function openPage(browser: Browser, baseURL: string, problems: string[]): Promise<Visitor> {
  const context = await browser.newContext({ baseURL })
  const page = await context.newPage()
  watch(page, problems)
  return new Visitor(page)
}

export function watch(page: Page, problems: string[]): void {
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy|violates/i.test(message.text())) problems.push(message.text())
  })
}

/** The owner's menu makes the link; it is read from the field that shows it. */
async function makeInvite(owner: Visitor): Promise<string> {
  await owner.page.getByRole('button', { name: /^Your account/ }).click()
  await owner.page.getByRole('menuitem', { name: /Invite/ }).click()
  const dialog = owner.page.getByRole('dialog')
  await dialog.getByRole('button', { name: /Make|Create/ }).click()
  const link = dialog.getByRole('textbox')
  await expect(link).toHaveValue(/\/invite\//)
  const url = await link.inputValue()
  await owner.page.keyboard.press('Escape')
  return url
}

export { expect }
