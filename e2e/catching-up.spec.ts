import type { Page } from '@playwright/test'
import { checkScreen } from './check-screen.ts'
import { expect, test, type Visitor } from './journey.ts'

// Many looks at each screen, on a machine that may be busy.
test.describe.configure({ timeout: 240_000 })

const roomIdOf = ({ page }: Visitor) => Number(/\/rooms\/(\d+)/.exec(page.url())?.[1])
const unreadIn = (page: Page, name: string) =>
  page.locator('[data-unread-room]').filter({ has: page.getByRole('heading', { name: new RegExp(name) }) })

/** Bob is in two rooms, looks at neither, and much is said in one of them. */
async function comeBack(owner: Visitor, bob: Visitor): Promise<void> {
  await bob.joinRoom('General')
  const general = roomIdOf(bob)
  await owner.createRoom('Garden')
  await bob.joinRoom('Garden')
  const garden = roomIdOf(bob)
  await bob.page.goto('/settings')
  await expect(bob.page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  const words = Array.from({ length: 24 }, (_, n) => `General news ${n + 1}`)
  await owner.sendMany(general, words)
  await owner.sendMany(garden, ['The beans are up', 'and the @bob peas'])
}

test('by keys alone: all keys, all unread, an answer, and everything read', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await comeBack(owner, bob)
  const { page } = bob
  const { keyboard } = page

  await page.locator('body').press('?')
  const sheet = page.getByRole('dialog', { name: 'All keys' })
  await expect(sheet.getByText('Jump to anything, or do it')).toBeVisible()
  await checkScreen(page, 'all keys')
  await keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)

  await keyboard.press('Control+Shift+A')
  await expect(page.getByRole('heading', { name: 'All unread', level: 1 })).toBeVisible()
  const garden = unreadIn(page, 'Garden')
  const general = unreadIn(page, 'General')
  await expect(garden.getByRole('article')).toHaveCount(2)
  await expect(general.getByRole('article')).toHaveCount(24)
  await checkScreen(page, 'all unread')

  await expect(page.locator('[data-unreads]')).toBeFocused()
  await keyboard.press('j')
  await expect(garden.getByRole('link', { name: /Garden$/ })).toBeFocused()
  await keyboard.press('ArrowDown')
  await expect(garden.getByRole('article').first()).toBeFocused()
  await owner.sendMany(Number(await garden.getAttribute('data-unread-room')), ['And the tomatoes'])
  await expect(garden.getByRole('article')).toHaveCount(3)
  await expect(garden.getByRole('article').first()).toBeFocused()
  await keyboard.press('m')
  await expect(garden).toHaveCount(0)
  await expect(general.getByRole('link', { name: /General$/ })).toBeFocused()

  await keyboard.press('ArrowDown')
  await keyboard.press('r')
  await expect(bob.composer).toBeFocused()
  await expect(page.getByText('Replying to olga')).toBeVisible()
  await keyboard.type('I have read it all')
  await keyboard.press('Enter')
  await expect(owner.page.getByRole('link', { name: /^General/ }).first()).toBeVisible()

  await keyboard.press('Control+Shift+A')
  await expect(page.getByRole('heading', { name: /caught up/ })).toBeVisible()
  await checkScreen(page, 'nothing unread')
})

test('a room of which one missed much says how much, and leads to the first', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await comeBack(owner, bob)
  await bob.room('General').click()
  const strip = bob.page.getByRole('region', { name: 'While you were away' })
  await expect(strip.getByText(/^24 new messages since/)).toBeVisible()
  await checkScreen(bob.page, 'coming back')
  await strip.getByRole('button', { name: 'Jump to the first' }).click()
  await expect(bob.message(/General news 1$/)).toBeInViewport()
  await strip.getByRole('button', { name: 'Put this away' }).click()
  await expect(strip).toHaveCount(0)
  await expect(bob.composer).toBeFocused()
})

test('what is marked as read on one device goes from the other, and can be taken back', async ({
  owner,
  invite,
  visit,
}) => {
  const bob = await invite('bob')
  await comeBack(owner, bob)
  const phone = await visit()
  await phone.signIn('bob')
  await phone.page.goto('/unreads')
  await expect(unreadIn(phone.page, 'Garden').getByRole('article')).toHaveCount(2)
  await bob.page.goto('/unreads')
  await bob.page.getByRole('button', { name: 'Mark Garden as read' }).click()
  await expect(unreadIn(phone.page, 'Garden')).toHaveCount(0)
  await bob.page.getByRole('button', { name: 'Undo' }).click()
  await expect(unreadIn(phone.page, 'Garden').getByRole('article')).toHaveCount(2)
})

test('people are found by what they do, and written to', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.page.goto('/settings')
  const profile = bob.page.getByRole('region', { name: 'Profile', exact: true })
  await profile.getByLabel('What you do').fill('Gardener')
  await profile.getByLabel('Time zone').selectOption('Asia/Tokyo')
  await profile.getByRole('button', { name: 'Save' }).click()
  await expect(bob.page.getByText('Saved.')).toBeVisible()
  const { page } = owner
  await page.getByRole('link', { name: 'People' }).click()
  await expect(page.getByText('2 people')).toBeVisible()
  await expect(page.getByRole('button', { name: /bob.*Gardener.*Local time/s })).toBeVisible()
  await checkScreen(page, 'people')
  await page.getByRole('searchbox').fill('gardener')
  await expect(page.getByText('1 person')).toBeVisible()
  await page.getByRole('searchbox').press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'bob' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Write to bob' }).press('Enter')
  await expect(page.getByRole('heading', { name: 'bob', level: 1 })).toBeVisible()
  await expect(owner.composer).toBeFocused()
})

test('how it looks is the same on another device, and holds before the first paint', async ({ owner, visit }) => {
  const phone = await visit()
  await phone.signIn('olga')
  await owner.page.goto('/settings')
  await owner.page.getByLabel('Theme').selectOption('dark')
  await owner.page.getByLabel('Density').selectOption('compact')
  await expect(phone.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(phone.page.locator('html')).toHaveAttribute('data-density', 'compact')
  // Without its app a page has nothing but what the browser kept.
  await phone.page.route('**/assets/**', (route) => route.abort())
  await phone.page.reload({ waitUntil: 'commit' })
  await expect(phone.page.locator('html')).toHaveAttribute('data-theme', 'dark')
})

/** Something that can be seen has the focus, not the page as a whole. */
async function expectFocus(page: Page, after: string): Promise<void> {
  const isSomewhere = () =>
    page.evaluate(() => {
      const active = document.activeElement
      return active !== null && active !== document.body && active.getClientRects().length > 0
    })
  await expect.poll(isSomewhere, { message: `the focus is lost after ${after}` }).toBe(true)
}

async function command({ page }: Visitor, name: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Jump to/ }).fill(name)
  await expect(page.getByRole('option', { name: new RegExp(`^${name}`) }).first()).toHaveAttribute(
    'aria-selected',
    'true',
  )
  await page.keyboard.press('Enter')
  await expect(page.getByRole('combobox', { name: /^Jump to/ })).toHaveCount(0)
}

test('whatever closes or goes, the focus is somewhere', async ({ owner }) => {
  const { page } = owner
  const { keyboard } = page
  await owner.createRoom('Garden')
  await owner.composer.focus()
  await keyboard.type('Nothing grows here')
  await keyboard.press('Enter')
  await expect(owner.message('Nothing grows here')).toHaveAttribute('data-status', 'sent')

  await command(owner, 'Members')
  await expect(page.getByRole('complementary', { name: 'Members' })).toBeVisible()
  await expectFocus(page, 'opening a panel by its command')
  await expect(owner.composer).toBeFocused()
  await keyboard.press('F6')
  await expect(page.getByRole('complementary', { name: 'Members' })).toBeFocused()
  await keyboard.press('Escape')
  await expect(page.getByRole('complementary', { name: 'Members' })).toHaveCount(0)
  await expectFocus(page, 'closing a panel')

  await owner.composer.focus()
  await keyboard.press('Shift+F6')
  await keyboard.press('ArrowUp')
  await expect(owner.message('Nothing grows here')).toBeFocused()
  await keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(owner.message('Nothing grows here')).toBeFocused()
  await keyboard.press('Delete')
  await expect(owner.message('Nothing grows here')).toHaveCount(0)
  await expectFocus(page, 'deleting the only message')

  await keyboard.press('Control+,')
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  await expectFocus(page, 'going to the settings')
  await keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'All keys' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expectFocus(page, 'closing the keys')

  await keyboard.press('Alt+ArrowDown')
  await expect(owner.composer).toBeFocused()
  await command(owner, 'Leave room')
  await expect(page).toHaveURL(/\/$/)
  await expectFocus(page, 'leaving a room')
})
