import { type Browser, expect, type Page, test } from '@playwright/test'
import { checkScreen, draw } from './check-screen.ts'
import { watch } from './journey.ts'
import { type RunningServer, startServer } from './server.ts'

// The screens of docs/screens/, of the demo's people and rooms. Every run walks through them; `SCREENS=1` also draws them.

test.describe.configure({ mode: 'serial', timeout: 300_000 })

let server: RunningServer
let page: Page
const problems: string[] = []

test.beforeAll(async ({ browser }) => {
  server = await startServer({}, ['--demo'])
  page = await open(browser)
})
test.afterAll(async () => {
  await page.context().close()
  await server.stop()
})

async function open(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: server.url, reducedMotion: 'reduce' })
  const opened = await context.newPage()
  watch(opened, problems)
  return opened
}

/** Both widths, both themes; nothing is drawn that is not as it should be. */
async function picture(name: string): Promise<void> {
  await checkScreen(page, name, (width, colorScheme) => draw(page, `${name}-${width}-${colorScheme}`))
}

const main = () => page.locator('#main')

test('signing in', async () => {
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await picture('sign-in')
  const owner = /sign in as (\S+) \(the owner\)/.exec(server.said ?? '')?.[1]
  const password = /The password of each of them: (\S+)/.exec(server.said ?? '')?.[1]
  await page.getByLabel('Username').fill(owner ?? '')
  await page.getByRole('textbox', { name: 'Password' }).fill(password ?? '')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('navigation', { name: 'Your rooms' })).toBeVisible()
  await expect(page.getByRole('link', { name: /^Movies 3 unread messages, 1 mention$/ })).toBeVisible()
  await picture('rooms')
})

test('a room, and what stands beside it', async () => {
  await page.goto('/rooms/1')
  await expect(page.getByRole('article').last()).toBeVisible()
  await picture('room')
  for (const panel of ['members', 'pins', 'details']) {
    await page.goto(`/rooms/1/${panel}`)
    await expect(page.getByRole('complementary').last()).toBeVisible()
    await picture(panel)
  }
  await page.goto('/rooms/1')
  await page.getByRole('article').last().hover()
  await page.getByRole('article').last().press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await picture('message-menu')
  await page.keyboard.press('Escape')
})

test('a room in which somebody mentioned one', async () => {
  await page.goto('/rooms/2')
  await expect(page.getByRole('article').last()).toHaveClass(/mentions-me/)
  await picture('mention')
})

test('who has seen a message', async () => {
  await page.goto('/rooms/1')
  const field = page.getByRole('textbox', { name: /^Message to / })
  await field.fill('The numbers are in, and they look better than we thought.')
  await field.press('Enter')
  const mark = page.getByRole('article').last().locator('[data-part=receipt]')
  await expect(mark).toHaveAccessibleName(/^Stored as #/)
  await picture('sent')
  await mark.click()
  await expect(page.getByRole('dialog', { name: 'Seen by' })).toBeVisible()
  await picture('seen-by')
  await page.keyboard.press('Escape')
})

test('a thread', async () => {
  await page.goto('/rooms/1')
  const messageId = await page.getByRole('article').last().getAttribute('data-message-id')
  await page.goto(`/rooms/1/threads/${messageId}`)
  const field = page.getByRole('complementary', { name: 'Thread' }).getByRole('textbox')
  await field.fill('I had the same thought, and wrote it down before I forgot it.')
  await field.press('Enter')
  await expect(page.getByRole('article').filter({ hasText: 'wrote it down' }).first()).toBeVisible()
  await picture('thread')
})

test('pages beside the rooms', async () => {
  for (const name of [
    'unreads',
    'mentions',
    'people',
    'discover',
    'threads',
    'drafts',
    'scheduled',
    'saved',
    'settings',
  ]) {
    await page.goto(`/${name}`)
    await expect(main().getByRole('heading', { level: 1 })).toBeVisible()
    await picture(name)
  }
})

test('searching, and jumping to anything', async () => {
  await page.goto('/rooms/1?q=the')
  await expect(page.getByRole('complementary').getByRole('listitem').first()).toBeVisible()
  await picture('search')
  await page.goto('/rooms/1')
  await page.getByRole('button', { name: 'Find and jump' }).click()
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeVisible()
  await picture('switcher')
  await page.keyboard.press('Escape')
  await page.locator('#main').press('?')
  await expect(page.getByRole('dialog', { name: 'All keys' })).toBeVisible()
  await picture('keys')
  await page.keyboard.press('Escape')
})

test('nothing broke on the way', () => {
  expect(problems).toEqual([])
})
