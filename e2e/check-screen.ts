import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './journey.ts'

export const desktop = { width: 1280, height: 800 }
export const phone = { width: 390, height: 844 }
export const narrow = { width: 320, height: 640 }

type ColorScheme = 'light' | 'dark'

/** What must hold of every screen, in both themes and in each width; `onSeen` is called while each of them is there. */
export async function checkScreen(
  page: Page,
  screen: string,
  onSeen: (width: number, colorScheme: ColorScheme) => Promise<void> = async () => undefined,
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
