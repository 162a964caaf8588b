import type { Page } from '@playwright/test'
import { checkScreen } from './check-screen.ts'
import { expect, passwordOf, test, type Visitor } from './journey.ts'

// Many looks at each screen, on a machine that may be busy.
test.describe.configure({ timeout: 180_000 })

async function openSettings({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: /^Your account/ }).click()
  await page.getByRole('menuitem', { name: 'Settings' }).click()
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
}

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('who writes is seen by those who look at the room, until it is sent', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await expect(bob.page.getByText('2 people here')).toBeVisible({ timeout: 60_000 })
  // The next letter says it again if the channel was not open yet.
  await expect(async () => {
    await owner.composer.press('a')
    await expect(bob.page.getByText('olga is typing')).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await expect(owner.page.getByText('olga is typing')).toHaveCount(0)
  await owner.composer.press('Enter')
  await expect(bob.page.getByText('olga is typing')).toHaveCount(0)
})

test('a status and a name are seen at once by whoever is there, and on the card', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.page.getByRole('button', { name: '2 members' }).click()
  const row = bob.page.getByRole('complementary', { name: 'Members' }).getByRole('button', { name: /olga/ })
  await expect(row.getByText('Online')).toBeAttached({ timeout: 60_000 })
  await owner.page.getByRole('button', { name: /^Your account/ }).click()
  await owner.page.getByRole('menuitem', { name: 'Set a status' }).click()
  const dialog = owner.page.getByRole('dialog', { name: 'Your status' })
  await dialog.getByRole('button', { name: 'In a meeting' }).click()
  await checkScreen(owner.page, 'setting a status')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(row.getByText('Status: In a meeting')).toBeAttached()

  await openSettings(owner)
  const profile = section(owner.page, 'Profile')
  await profile.getByLabel('Name').fill('Olga Example')
  await profile.getByLabel('What you do').fill('Gardener')
  await profile.getByLabel('Time zone').selectOption('Asia/Tokyo')
  await profile.getByRole('button', { name: 'Save' }).click()
  await expect(owner.page.getByRole('button', { name: 'Your account: Olga Example' })).toBeVisible()
  await bob.page
    .getByRole('complementary', { name: 'Members' })
    .getByRole('button', { name: /Olga Example/ })
    .first()
    .click()
  const card = bob.page.getByRole('dialog', { name: 'Olga Example' })
  await expect(card.getByText('Gardener')).toBeVisible()
  await expect(card.getByText(/h ahead/)).toBeVisible()
  await checkScreen(bob.page, 'the card of a person')
})

test('a picture is cropped, shown to others, and taken away', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await owner.send('Here I am')
  await bob.joinRoom('General')
  await openSettings(owner)
  await section(owner.page, 'Profile')
    .getByTestId('picture')
    .setInputFiles({
      name: 'me.png',
      mimeType: 'image/png',
      buffer: await owner.page.screenshot(),
    })
  await expect(section(owner.page, 'Profile').getByRole('button', { name: 'Remove' })).toBeVisible()
  const picture = bob.message('Here I am').locator('img').first()
  await expect(picture).toHaveJSProperty('naturalWidth', 256)
  await expect(picture).toHaveJSProperty('naturalHeight', 256)
  await section(owner.page, 'Profile')
    .getByTestId('picture')
    .setInputFiles({
      name: 'me.png',
      mimeType: 'image/png',
      buffer: Buffer.from('this is no picture'),
    })
  await expect(owner.page.getByText(/could not be read as a picture/)).toBeVisible()
  await section(owner.page, 'Profile').getByRole('button', { name: 'Remove' }).click()
  await expect(bob.message('Here I am').locator('img')).toHaveCount(0)
})

test('another device is signed out from here, and sees it', async ({ owner, visit }) => {
  const phone = await visit()
  await phone.signIn('olga')
  await openSettings(owner)
  const devices = section(owner.page, 'Devices')
  await expect(devices.getByText('This device')).toBeVisible()
  await checkScreen(owner.page, 'settings')
  await devices.getByRole('button', { name: /^Sign out Chrome/ }).click()
  await expect(phone.page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect(devices.getByRole('listitem')).toHaveCount(1)
  await expect(owner.connection).toHaveAttribute('data-connection', 'live')
})

test('a new password signs out the others and opens the door from then on', async ({ owner, visit }) => {
  const phone = await visit()
  await phone.signIn('olga')
  await openSettings(owner)
  const password = section(owner.page, 'Password')
  await password.getByRole('textbox', { name: 'Current password' }).fill(passwordOf('olga'))
  await password.getByRole('textbox', { name: 'New password' }).fill('quite another password')
  await password.getByRole('button', { name: 'Change password' }).click()
  await expect(owner.page.getByText(/Your password is changed/)).toBeVisible()
  await expect(phone.page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await phone.page.getByLabel('Username').fill('olga')
  await phone.page.getByRole('textbox', { name: 'Password' }).fill('quite another password')
  await phone.page.getByRole('button', { name: 'Sign in' }).click()
  await expect(phone.connection).toHaveAttribute('data-connection', 'live')
})
