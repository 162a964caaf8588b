import { checkScreen } from './check-screen.ts'
import { expect, test, type Visitor } from './journey.ts'

test.describe.configure({ timeout: 240_000 })

const roomIdOf = ({ page }: Visitor) => Number(/\/rooms\/(\d+)/.exec(page.url())?.[1])

async function put({ page }: Visitor, path: string, value: object): Promise<void> {
  const csrf = (await page.request.get('/api/csrf/')).headers()['x-csrftoken'] ?? ''
  const answer = await page.request.put(path, { data: { value }, headers: { 'x-csrftoken': csrf } })
  expect(answer.status()).toBe(200)
}

/** The owner on a second device. */
async function onPhone(visit: () => Promise<Visitor>): Promise<Visitor> {
  const phone = await visit()
  await phone.page.setViewportSize({ width: 390, height: 800 })
  await phone.signIn('olga')
  return phone
}

async function chooseInRoomMenu({ page }: Visitor, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Room menu' }).click()
  await page.getByRole('menuitem', { name }).click()
}

test('a draft follows to the other device, and is gone from both once it is sent', async ({ owner, visit }) => {
  await owner.composer.fill('I was about to')
  const phone = await onPhone(visit)
  await phone.room('General').click()
  await expect(phone.composer).toHaveValue('I was about to')
  await phone.composer.fill('I was about to say hello')
  // Whoever writes here keeps their words until they go elsewhere.
  await expect(owner.composer).toHaveValue('I was about to')
  await owner.page.getByRole('link', { name: 'Drafts and scheduled' }).click()
  await expect(owner.page.getByText('I was about to say hello')).toBeVisible()
  await checkScreen(owner.page, 'drafts')
  await phone.composer.press('Enter')
  await expect(owner.page.getByRole('heading', { name: 'No drafts' })).toBeVisible()
  await owner.room('General').click()
  await expect(owner.composer).toHaveValue('')
  await expect(owner.message('I was about to say hello')).toBeVisible()
})

test('a message for later waits on all devices, and is sent when its time has come', async ({ owner, visit }) => {
  await owner.composer.fill('Good morning')
  await owner.page.getByRole('button', { name: 'Send later' }).click()
  await owner.page.getByRole('menuitem', { name: /^Tomorrow at/ }).click()
  await expect(owner.composer).toHaveValue('')
  const phone = await onPhone(visit)
  await phone.page.getByRole('link', { name: 'Drafts and scheduled' }).click()
  await expect(phone.page.getByText('Good morning')).toBeVisible()
  await checkScreen(phone.page, 'scheduled')
  await phone.page.getByRole('button', { name: 'Send now' }).click()
  await expect(owner.message('Good morning')).toBeVisible()
  await expect(phone.page.getByRole('heading', { name: 'Nothing scheduled' })).toBeVisible()
  const send_at = new Date(Date.now() + 1_000).toISOString().replace('Z', '000Z')
  const path = `/api/own/scheduled/${crypto.randomUUID()}/`
  await put(owner, path, { room_id: roomIdOf(owner), content: 'In a second', send_at })
  await expect(owner.message('In a second')).toBeVisible()
})

test('what is saved is found on the other device, with the way back to where it was said', async ({ owner, visit }) => {
  await owner.send('Remember this')
  const message = owner.message('Remember this')
  await message.hover()
  await message.getByRole('toolbar').getByRole('button', { name: 'More' }).click()
  await owner.page.getByRole('menuitem', { name: 'Save for later' }).click()
  const phone = await onPhone(visit)
  await phone.page.getByRole('link', { name: 'Saved', exact: true }).click()
  await expect(phone.page.getByRole('article').filter({ hasText: 'Remember this' })).toBeVisible()
  await checkScreen(phone.page, 'saved')
  await phone.page.getByRole('link', { name: /^Show the message by olga in General/ }).click()
  await expect(phone.message('Remember this')).toBeVisible()
  await owner.page.getByRole('link', { name: 'Saved', exact: true }).click()
  await owner.page.getByRole('button', { name: 'Remove from saved' }).click()
  await expect(owner.page.getByRole('heading', { name: 'Nothing saved yet' })).toBeVisible()
})

test('favourites, sections and mute are the same on the other device', async ({ owner, visit }) => {
  await owner.createRoom('Design')
  await chooseInRoomMenu(owner, 'Add to favourites')
  const favourites = owner.page.getByRole('list', { name: 'Favourites' })
  await expect(favourites.getByRole('link', { name: /^Design/ })).toBeVisible()
  await owner.room('General').click()
  await chooseInRoomMenu(owner, 'Move to section')
  await owner.page.getByRole('dialog').getByLabel('New section').fill('Work')
  await owner.page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
  await expect(owner.page.getByRole('list', { name: 'Work' }).getByRole('link', { name: /^General/ })).toBeVisible()
  await chooseInRoomMenu(owner, 'Mute room')
  const phone = await onPhone(visit)
  await expect(
    phone.page.getByRole('list', { name: 'Favourites' }).getByRole('link', { name: /^Design/ }),
  ).toBeVisible()
  const general = phone.page.getByRole('list', { name: 'Work' }).getByRole('link', { name: /^General/ })
  await expect(general).toHaveAccessibleDescription(/Muted/)
  await checkScreen(phone.page, 'sidebar with sections')
  await owner.page.getByRole('button', { name: 'Work', exact: true }).click()
  await expect(phone.page.getByRole('button', { name: 'Work', exact: true })).toHaveAttribute('aria-expanded', 'false')
  await checkScreen(owner.page, 'sidebar, folded')
})
