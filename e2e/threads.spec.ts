import type { Locator } from '@playwright/test'
import { checkScreen } from './check-screen.ts'
import { expect, test, type Visitor } from './journey.ts'

// Several people in browsers of their own, on a machine that may be busy.
test.describe.configure({ timeout: 300_000 })

const room = ({ page }: Visitor) => page.getByRole('region', { name: /^Messages in General/ })
const panel = ({ page }: Visitor) => page.getByRole('complementary', { name: 'Thread' })
const line = (visitor: Visitor): Locator => room(visitor).getByRole('button', { name: /repl(y|ies)/ })

const said = (visitor: Visitor, text: string) => panel(visitor).getByRole('article').filter({ hasText: text })

async function answer(visitor: Visitor, text: string): Promise<void> {
  const field = panel(visitor).getByRole('textbox', { name: 'Reply in this thread' })
  await field.fill(text)
  await field.press('Enter')
  await expect(said(visitor, text)).toHaveAttribute('data-status', 'sent')
}

test('two people talk in a thread: who is away hears of it, reads it, and it is new no more', async ({
  owner,
  invite,
}) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.send('Where do we meet?')
  await expect(owner.message('Where do we meet?')).toBeVisible()
  await owner.page.goto('/threads')
  await expect(owner.page.getByRole('heading', { name: 'No threads yet' })).toBeVisible()
  await checkScreen(owner.page, 'no threads')

  await owner.room('General').click()
  const asked = room(owner).getByRole('article').filter({ hasText: 'Where do we meet?' })
  await asked.hover()
  await asked.getByRole('button', { name: 'Reply in thread' }).click()
  await answer(owner, 'At the station')
  await expect(line(owner)).toContainText('1 reply')
  await expect(room(owner).getByText('At the station')).toHaveCount(0)

  const badge = bob.page.getByRole('link', { name: /Threads.*1 thread with news/ })
  await expect(badge).toBeVisible()
  await expect(line(bob)).toContainText('1 new')
  await bob.page.getByRole('link', { name: /^Threads/ }).click()
  await expect(bob.page.getByText('1 new', { exact: true })).toBeVisible()
  await checkScreen(bob.page, 'threads')
  await bob.page.getByRole('link', { name: 'Where do we meet?' }).click()
  await expect(said(bob, 'At the station')).toBeVisible()
  await expect(badge).toHaveCount(0)
  await answer(bob, 'I will be there')
  await expect(said(owner, 'I will be there')).toBeVisible()
  await expect(panel(owner).getByText('2 replies')).toBeVisible()
  await checkScreen(bob.page, 'a thread')

  const id = await said(owner, 'I will be there').getAttribute('data-message-id')
  await owner.page.goto(owner.page.url().replace(/threads.*/, `messages/${id}`))
  await expect(said(owner, 'I will be there')).toBeVisible()

  await panel(bob).getByRole('textbox').press('Escape')
  await expect(panel(bob)).toHaveCount(0)
  await expect(line(bob)).toContainText('2 replies')
  await expect(line(bob)).not.toContainText('new')
  await expect(owner.page.getByRole('link', { name: /with news/ })).toHaveCount(0)
})

test('by the keyboard: T opens the thread, what is written there is worked with, Escape leads back', async ({
  owner,
}) => {
  await owner.send('A question')
  await expect(owner.message('A question')).toHaveAttribute('data-status', 'sent')
  await owner.page.keyboard.press('Shift+Tab')
  await room(owner).focus()
  await owner.page.keyboard.press('ArrowUp')
  await owner.page.keyboard.press('t')
  await answer(owner, 'An answr')
  await owner.page.keyboard.press('ArrowUp')
  await panel(owner).getByRole('textbox', { name: 'New text of the message' }).fill('An answer')
  await owner.page.keyboard.press('Enter')
  await expect(said(owner, 'An answer')).toBeVisible()
  await expect(panel(owner).getByRole('textbox', { name: 'Reply in this thread' })).toBeFocused()
  await owner.page.keyboard.press('Escape')
  await expect(panel(owner)).toHaveCount(0)
  await expect(room(owner).getByRole('article').filter({ hasText: 'A question' })).toBeFocused()
})
