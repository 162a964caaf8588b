import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test, type Visitor } from './journey.ts'

test.describe.configure({ timeout: 120_000 })

const lines = ['Das Café öffnet um neun', 'The quarterly numbers', '今天的会议很长', 'Nothing to see here']

/** The owner's private room with something to find in it. */
async function writeLines(owner: Visitor): Promise<void> {
  const roomId = Number(/\/rooms\/(\d+)/.exec(owner.page.url())?.[1])
  await owner.sendMany(roomId, lines)
  await expect(owner.message(lines.at(-1)!)).toBeVisible()
}

const field = (page: Page) => page.getByRole('combobox', { name: 'Search messages' })
const results = (page: Page) => page.getByRole('listbox', { name: 'Messages found' }).getByRole('option')

async function openSearch(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Search messages' }).click()
  await expect(field(page)).toBeFocused()
}

async function checkBothThemes(page: Page, screen: string): Promise<void> {
  for (const size of [
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
      const { violations } = await new AxeBuilder({ page }).analyze()
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
      expect(found, `${screen}, ${colorScheme}, ${size.width}`).toEqual([])
    }
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow, `${screen} scrolls sideways at ${size.width}`).toBe(0)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

test('words, parts of them, accents and CJK are found, and Enter leads to the message', async ({ owner }) => {
  await writeLines(owner)
  const { page } = owner
  await openSearch(page)
  const searches: [string, number][] = [
    ['quarterly', 1],
    ['arter', 1],
    ['cafe', 0],
    ['会议', 2],
  ]
  for (const [text, line] of searches) {
    await field(page).fill(text)
    await expect(results(page)).toHaveCount(1)
    await expect(results(page)).toContainText(lines[line]!)
  }
  await checkBothThemes(page, 'results')
  await field(page).press('ArrowDown')
  await field(page).press('Enter')
  await expect(page).toHaveURL(/\/rooms\/\d+\/messages\/\d+\?q=/)
  await expect(owner.message(lines[2]!)).toBeVisible()
})

test('mistyped words are corrected, and nothing found is said', async ({ owner }) => {
  await writeLines(owner)
  const { page } = owner
  await openSearch(page)
  await field(page).fill('quartelry')
  await expect(page.getByText('No results for “quartelry”. Showing “quarterly”.')).toBeVisible()
  await expect(results(page)).toHaveCount(1)
  await field(page).fill('zzzzzz')
  await expect(page.getByRole('heading', { name: 'No results for “zzzzzz”' })).toBeVisible()
  await checkBothThemes(page, 'nothing found')
  await field(page).press('Escape')
  await expect(field(page)).toBeHidden()
})

test('a stranger finds nothing of a room, nor do corrections name its words', async ({ owner, invite }) => {
  await writeLines(owner)
  const { page } = await invite('bob')
  await page.keyboard.press('/')
  await field(page).fill('quarterly')
  await expect(page.getByRole('heading', { name: 'No results for “quarterly”' })).toBeVisible()
  await field(page).fill('quartelry')
  await expect(page.getByRole('heading', { name: 'No results for “quartelry”' })).toBeVisible()
})

test('the keyboard alone leads to another room, to a person and to a command', async ({ owner, invite }) => {
  await owner.createRoom('Kitchen')
  const guest = await invite('bob')
  const { page } = owner
  const jump = page.getByRole('combobox', { name: /^Jump to/ })
  await page.keyboard.press('Control+k')
  await expect(jump).toBeFocused()
  await checkBothThemes(page, 'the switcher')
  await jump.fill('gen')
  await expect(page.getByRole('option', { name: 'General' })).toHaveAttribute('aria-selected', 'true')
  await jump.press('Enter')
  await expect(page.getByRole('heading', { name: 'General', level: 1 })).toBeVisible()

  await page.keyboard.press('Control+k')
  await jump.fill('bob')
  await expect(page.getByRole('group', { name: 'People' }).getByRole('option')).toHaveCount(1)
  await jump.press('Enter')
  await expect(page.getByRole('heading', { name: 'bob', level: 1 })).toBeVisible()

  await page.keyboard.press('Control+k')
  await jump.fill('dark theme')
  await jump.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(jump).toBeHidden()
  await guest.page.close()
})
