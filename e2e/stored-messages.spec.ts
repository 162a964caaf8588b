import type { Browser, Page } from '@playwright/test'
import { drawScreen } from './check-screen.ts'
import { Visitor, expect, passwordOf, test, watch } from './journey.ts'

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${word} ${n + 1} of ${count}`)

/** The texts in the room as the server has them, oldest first. */
async function sentTexts({ page }: Visitor): Promise<string[]> {
  const answer = await page.request.get(`/api/rooms/${roomIdOf(page)}/messages/?limit=100`)
  const { results } = (await answer.json()) as { results: { kind: string; content: string }[] }
  return results
    .filter(({ kind }) => kind === 'user')
    .map(({ content }) => content)
    .reverse()
}

const roomIdOf = (page: Page) => Number(/rooms\/(\d+)/.exec(page.url())?.[1])

/** Closes the tab and opens another at the same place, in the same browser. */
async function reopen(visitor: Visitor, problems: string[] = []): Promise<void> {
  const url = visitor.page.url()
  const context = visitor.page.context()
  await visitor.page.close()
  await context.setOffline(false)
  visitor.page = await openTab(visitor, url, problems)
}

async function openTab(visitor: Visitor, url: string, problems: string[]): Promise<Page> {
  const page = await visitor.page.context().newPage()
  watch(page, problems)
  await page.goto(url)
  return page
}

async function write(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message to / })
  await composer.fill(text)
  await composer.press('Enter')
  await expect(page.getByRole('article').filter({ hasText: text })).toHaveCount(1)
}

/** The owner in a browser of which it is expected that something is reported to its console. */
async function signInElsewhere(owner: Visitor, browser: Browser, prepare: () => void = () => {}): Promise<Visitor> {
  const url = owner.page.url()
  const context = await browser.newContext({ baseURL: new URL(url).origin })
  await context.addInitScript(prepare)
  const visitor = new Visitor(await context.newPage())
  await visitor.signIn('olga')
  await visitor.page.goto(url)
  await expect(visitor.connection).toHaveAttribute('data-connection', 'live')
  await expect(visitor.composer).toBeVisible()
  return visitor
}

/** Such as browsers are on plain HTTP. */
async function withoutLocks(visitor: Visitor): Promise<void> {
  await visitor.page.context().addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })
  })
  await visitor.page.reload()
  await expect(visitor.connection).toHaveAttribute('data-connection', 'live')
}

for (const hasLocks of [true, false]) {
  const where = hasLocks ? '' : ' without locks'

  test(`what was written offline is sent when the closed tab is opened again, once and in order${where}`, async ({
    owner,
  }) => {
    if (!hasLocks) await withoutLocks(owner)
    await owner.page.context().setOffline(true)
    const texts = numbered('written in a tunnel', 3)
    for (const text of texts) await write(owner.page, text)
    const problems: string[] = []
    await reopen(owner, problems)
    await expect.poll(() => sentTexts(owner)).toEqual(texts)
    await expect(owner.page.locator('article[data-status=sent]')).toHaveCount(3)
    await expect(owner.page.locator('article')).toHaveCount(3)
    expect(problems).toEqual([])
  })

  test(`two tabs that are offline write in turns, and all arrives once, each tab's in order${where}`, async ({
    owner,
  }) => {
    if (!hasLocks) await withoutLocks(owner)
    const problems: string[] = []
    const second = await openTab(owner, owner.page.url(), problems)
    await expect(second.locator('[data-connection]').first()).toHaveAttribute('data-connection', 'live')
    await owner.page.context().setOffline(true)
    for (const n of [1, 2, 3]) {
      await write(owner.page, `first tab ${n}`)
      await write(second, `second tab ${n}`)
    }
    await owner.page.context().setOffline(false)
    await expect.poll(async () => (await sentTexts(owner)).length, { timeout: 30_000 }).toBe(6)
    const sent = await sentTexts(owner)
    for (const tab of ['first', 'second']) {
      expect(sent.filter((text) => text.startsWith(tab))).toEqual([1, 2, 3].map((n) => `${tab} tab ${n}`))
    }
    for (const page of [owner.page, second]) {
      await expect(page.locator('article[data-status=sent]')).toHaveCount(6)
      await expect(page.locator('article')).toHaveCount(6)
    }
    expect(problems).toEqual([])
  })
}

test('a tab that is killed before the answer to a message that arrived leaves one copy of it', async ({ owner }) => {
  // It must not hear of its message by itself.
  await owner.page.routeWebSocket(/\/connection\/websocket/, (socket) => socket.close())
  await owner.page.reload()
  await expect(owner.connection).toHaveAttribute('data-connection', 'polling')
  const reached = new Promise<void>((resolve) => {
    void owner.page.route('**/api/rooms/*/messages/', async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      await route.fetch()
      resolve()
    })
  })
  await write(owner.page, 'sent by a dying tab')
  await reached
  await reopen(owner)
  await expect(owner.page.locator('article[data-status=sent]')).toHaveCount(1)
  await write(owner.page, 'and the next')
  await expect.poll(() => sentTexts(owner)).toEqual(['sent by a dying tab', 'and the next'])
  await expect(owner.page.locator('article')).toHaveCount(2)
})

test('a reload amid twenty messages loses, doubles and reorders none', async ({ owner }) => {
  const texts = numbered('quick', 20)
  for (const text of texts) await owner.send(text)
  await owner.page.reload()
  await expect.poll(() => sentTexts(owner)).toEqual(texts)
  await expect(owner.page.locator('article[data-status=sent]')).toHaveCount(20)
})

test('another tab sends what a closed one had begun', async ({ owner }) => {
  const second = await openTab(owner, owner.page.url(), [])
  await expect(second.locator('[data-connection]').first()).toHaveAttribute('data-connection', 'live')
  await owner.page.route('**/api/rooms/*/messages/', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  )
  await owner.page.bringToFront()
  await write(owner.page, 'taken over')
  await expect(second.locator('article').filter({ hasText: 'taken over' })).toHaveCount(1)
  await owner.page.close()
  await expect(second.locator('article[data-status=sent]').filter({ hasText: 'taken over' })).toHaveCount(1)
})

/** In the page: what other tabs or the browser may do to the database. */
function interfere(how: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = how === 'deleted' ? indexedDB.deleteDatabase('grandchat') : indexedDB.open('grandchat', 1_000)
    request.addEventListener('success', () => resolve())
    for (const type of ['error', 'blocked']) request.addEventListener(type, () => reject(new Error(type)))
  })
}

test('the database may be deleted, or taken over by a newer version, under an open tab', async ({ owner, browser }) => {
  const { page } = await signInElsewhere(owner, browser)
  for (const text of ['deleted', 'overtaken']) {
    await page.context().setOffline(true)
    await write(page, `${text} before`)
    await page.evaluate(interfere, text)
    await write(page, `${text} after`)
    await page.context().setOffline(false)
    await expect.poll(async () => (await sentTexts(owner)).slice(-2)).toEqual([`${text} before`, `${text} after`])
  }
  await expect(page.locator('article[data-status=sent]')).toHaveCount(4)
})

test('where the browser stores nothing, messages are sent, and closing asks only while one is not', async ({
  owner,
  browser,
}) => {
  const { page } = await signInElsewhere(owner, browser, () => {
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined })
  })
  await write(page, 'from memory')
  await expect(page.locator('article[data-status=sent]')).toHaveCount(1)
  await page.context().setOffline(true)
  await write(page, 'would be lost')
  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await page.context().setOffline(false)
  await expect.poll(() => sentTexts(owner)).toEqual(['from memory', 'would be lost'])
})

test('signing out removes what was not sent from this browser, after asking', async ({ owner }) => {
  const { page } = owner
  await page.route('**/api/rooms/*/messages/', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.continue(),
  )
  await write(page, 'given up')
  await page.getByRole('button', { name: /^Your account/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign out and lose them' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await page.unroute('**/api/rooms/*/messages/')
  await page.getByLabel('Username').fill('olga')
  await page.getByRole('textbox', { name: 'Password' }).fill(passwordOf('olga'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await write(page, 'a new start')
  await expect.poll(() => sentTexts(owner)).toEqual(['a new start'])
  await expect(page.locator('article')).toHaveCount(1)
})

test('what was written in a room that one is no longer in is found, and can be deleted', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.page.context().setOffline(true)
  await write(bob.page, 'too late')
  const { headers } = await bob.page.request.get('/api/csrf/').then((answer) => ({ headers: answer.headers() }))
  const left = await bob.page.request.post(`/api/rooms/${roomIdOf(bob.page)}/leave/`, {
    data: {},
    headers: { 'x-csrftoken': headers['x-csrftoken'] ?? '' },
  })
  expect(left.ok()).toBe(true)
  await bob.page.context().setOffline(false)
  const notice = bob.page.getByRole('button', { name: '1 message not sent' })
  await expect(notice).toBeVisible({ timeout: 30_000 })
  await drawScreen(bob.page, 'messages that were not sent')
  await bob.page.reload()
  await notice.click()
  const dialog = bob.page.getByRole('dialog')
  await expect(dialog.getByText('too late')).toBeVisible()
  await drawScreen(bob.page, 'what was not sent')
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await bob.page.keyboard.press('Escape')
  await expect(notice).toHaveCount(0)
  expect(await sentTexts(owner)).toEqual([])
})
