import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { Visitor, expect, test } from './journey.ts'

/** A browser whose processes can be killed together, on a profile that outlives it. */
async function startBrowser(profile: string) {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const child = spawn(
    process.env['CHROME_BIN'] ?? chromium.executablePath(),
    ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, '--disable-gpu', ...sandbox],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const address = await new Promise<string>((resolve, reject) => {
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1]
      if (found) resolve(found)
    })
    child.on('exit', (code) => reject(new Error(`the browser ended with ${code}: ${output}`)))
  })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  const browser = await chromium.connectOverCDP(address)
  const context = browser.contexts()[0] ?? (await browser.newContext())
  return {
    page: await context.newPage(),
    async kill() {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      await ended
    },
  }
}

test('a browser that is killed in the middle of writing has kept what was written', async ({ owner }) => {
  const profile = await mkdtemp(join(tmpdir(), 'grandchat-profile-'))
  const url = owner.page.url()
  const texts = Array.from({ length: 8 }, (_, n) => `before the end ${n + 1}`)
  const first = await startBrowser(profile)
  try {
    await openRoom(first.page, url)
    // Requests go nowhere from now on.
    await first.page.route('**/api/rooms/*/messages/', (route) =>
      isPost(route.request()) ? undefined : route.continue(),
    )
    for (const text of texts) await write(first.page, text)
  } finally {
    await first.kill()
  }
  await expect(owner.page.getByRole('article')).toHaveCount(0)
  const second = await startBrowser(profile)
  try {
    await openRoom(second.page, url)
    await expect(second.page.locator('article[data-status=sent]')).toHaveCount(texts.length)
    await expect(owner.page.getByRole('article')).toContainText(texts)
  } finally {
    await second.kill()
    await rm(profile, { recursive: true, force: true })
  }
})

test('a browser that is killed right after a deletion has kept that, and the next one carries it out', async ({
  owner,
}) => {
  const profile = await mkdtemp(join(tmpdir(), 'grandchat-profile-'))
  const url = owner.page.url()
  await owner.send('Nobody should read this')
  await owner.send('Everybody may read this')
  await expect(owner.message('Everybody')).toHaveCount(1)
  const first = await startBrowser(profile)
  try {
    await openRoom(first.page, url)
    // However slow this machine is, the server does not hear of it before the end.
    await first.page.route('**/api/rooms/*/messages/*/', () => undefined)
    const message = new Visitor(first.page).message('Nobody should')
    await message.click()
    await message.press('Delete')
    await expect(message).toHaveCount(0)
    await expect.poll(() => first.page.evaluate(countActions)).toBe(1)
  } finally {
    await first.kill()
  }
  const second = await startBrowser(profile)
  try {
    await openRoom(second.page, url)
    await expect(owner.message('Nobody should')).toHaveCount(0)
    await expect(owner.message('Everybody')).toHaveCount(1)
    await expect.poll(() => second.page.evaluate(countActions)).toBe(0)
  } finally {
    await second.kill()
    await rm(profile, { recursive: true, force: true })
  }
})

/** What the page's database holds of what is to be done. */
function countActions(): Promise<number> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('grandchat-actions')
    opening.addEventListener('error', () => reject(opening.error ?? new Error('the database does not open')))
    opening.addEventListener('success', () => {
      const counting = opening.result.transaction('actions').objectStore('actions').count()
      counting.addEventListener('success', () => {
        opening.result.close()
        resolve(counting.result)
      })
    })
  })
}

/** Chromium writes cookies half a minute late: one that was killed may have lost the session. */
async function openRoom(page: Page, url: string): Promise<void> {
  const visitor = new Visitor(page)
  await page.goto(url)
  const signIn = page.getByRole('button', { name: 'Sign in' })
  // What is kept is shown at once; only the server knows whether the session is good.
  await expect(signIn.or(page.locator('[data-connection=live]')).first()).toBeVisible()
  if (await signIn.isVisible()) await visitor.signUp('olga', 'Sign in')
  await expect(visitor.composer).toBeVisible()
}

const isPost = (request: { method(): string }) => request.method() === 'POST'

async function write(page: Page, text: string): Promise<void> {
  const visitor = new Visitor(page)
  await visitor.send(text)
  await expect(visitor.message(text)).toHaveCount(1)
}
