import { checkScreen } from './check-screen.ts'
import { expect, test } from './journey.ts'

// Many looks at each screen, on a machine that may be busy.
test.describe.configure({ timeout: 180_000 })

test('the app is read in Arabic from right to left, in German, and in English again', async ({ owner, invite }) => {
  const bob = await invite('bob')
  const { page } = bob
  await bob.joinRoom('General')
  await owner.send('Who brings the cake?')
  await expect(bob.message('cake')).toBeVisible()
  const room = page.url()
  const html = page.locator('html')

  await page.goto('/settings')
  await page.getByLabel('Language').selectOption('العربية')
  await expect(page.getByRole('heading', { name: 'الإعدادات', level: 1 })).toBeVisible()
  await expect(html).toHaveAttribute('dir', 'rtl')
  await expect(html).toHaveAttribute('lang', 'ar')
  await expect(page.getByLabel('اللغة')).toBeFocused()
  await checkScreen(page, 'the settings in Arabic')
  await page.goto(room)
  await expect(html).toHaveAttribute('dir', 'rtl')
  await expect(page.getByText('Who brings the cake?', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'عرض عضوين' }).click()
  await expect(page.getByRole('complementary', { name: 'الأعضاء' })).toBeVisible()
  await checkScreen(page, 'a room with its members in Arabic')
  const sidebar = await page.getByRole('navigation', { name: 'غرفك' }).boundingBox()
  expect(sidebar?.x).toBeGreaterThan(640)

  await page.goto('/settings')
  await page.getByLabel('اللغة').selectOption('Deutsch')
  await expect(page.getByRole('heading', { name: 'Einstellungen', level: 1 })).toBeVisible()
  await expect(html).toHaveAttribute('dir', 'ltr')
  await checkScreen(page, 'the settings in German')
  await page.goto(room)
  await expect(page.getByRole('textbox', { name: 'Nachricht an General' })).toBeVisible()
  await checkScreen(page, 'a room in German')

  await page.goto('/settings')
  await page.getByLabel('Sprache').selectOption('Wie der Browser')
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  await expect(html).toHaveAttribute('lang', 'en')
})

test('a language is chosen once for all devices', async ({ invite }) => {
  const bob = await invite('bob')
  const phone = await bob.page.context().newPage()
  await phone.addInitScript(() => localStorage.removeItem('language'))
  await phone.goto('/')
  await expect(phone.locator('html')).toHaveAttribute('lang', 'en')
  await bob.page.goto('/settings')
  await bob.page.getByLabel('Language').selectOption('Deutsch')
  await expect(bob.page.getByRole('heading', { name: 'Einstellungen', level: 1 })).toBeVisible()
  await phone.goto('/')
  await expect(phone.locator('html')).toHaveAttribute('lang', 'de')
})
