import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './journey.ts'

export const desktop = { width: 1280, height: 800 }
export const phone = { width: 390, height: 844 }
export const narrow = { width: 320, height: 640 }

type ColorScheme = 'light' | 'dark'

/** `SCREENS=1` draws what is looked at. */
const folder = process.env['SCREENS'] ? join(import.meta.dirname, '../docs/screens') : undefined

/** Draws the page as it is now, if pictures are asked for; `name`: below docs/screens, without its ending. */
export async function draw(page: Page, name: string): Promise<void> {
  if (!folder) return
  const path = join(folder, `${name}.jpeg`)
  await mkdir(dirname(path), { recursive: true })
  await page.screenshot({ path, type: 'jpeg', quality: 72, animations: 'disabled' })
}

/**
 * What must hold of every screen, in both themes and in each width; `onSeen` is called while each of them is there. Without
 * it the widest in light and the phone in dark are drawn.
 */
export async function checkScreen(
  page: Page,
  screen: string,
  onSeen = (width: number, colorScheme: ColorScheme) => drawState(page, screen, width, colorScheme),
): Promise<void> {
  for (const size of [desktop, phone, narrow]) {
    await page.setViewportSize(size)
    await expect.poll(() => overflowOf(page), { message: `${screen} scrolls sideways at ${size.width}` }).toBe(0)
    if (size === narrow) continue
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      expect(await violationsOf(page), `${screen}, ${colorScheme}, ${size.width} px`).toEqual([])
      await onSeen(size.width, colorScheme)
    }
  }
  await page.setViewportSize(desktop)
}

/** Draws what is only there for now and is judged elsewhere, in those two ways. */
export async function drawScreen(page: Page, screen: string): Promise<void> {
  if (!folder) return
  for (const [size, colorScheme] of [[phone, 'dark'] as const, [desktop, 'light'] as const]) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
    await drawState(page, screen, size.width, colorScheme)
  }
}

async function drawState(page: Page, screen: string, width: number, colorScheme: ColorScheme): Promise<void> {
  if ((width === desktop.width) !== (colorScheme === 'light')) return
  await draw(page, `states/${screen.replaceAll(/[^a-zA-Z]+/g, '-').toLowerCase()}-${width}-${colorScheme}`)
}

/** How many pixels the page, or what scrolls in it, is wider than what one sees of it. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const inside = [...document.querySelectorAll('main, #main, #main section, aside nav')]
    const wide = [document.documentElement, ...inside].map((element) => element.scrollWidth - element.clientWidth)
    return Math.max(...wide)
  })
}

async function violationsOf(page: Page): Promise<string[]> {
  // Nothing is judged halfway through appearing.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)))
  // An open menu is a layer of its own, outside of every landmark.
  const menus = await page.getByRole('menu').count()
  const { violations } = await new AxeBuilder({ page }).disableRules(menus > 0 ? ['region'] : []).analyze()
  return violations.flatMap(({ id, impact, nodes }) => nodes.map((node) => `${impact} ${id}: ${node.html}`))
}
