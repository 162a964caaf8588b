import { checkScreen } from './check-screen.ts'
import { expect, test, type Visitor } from './journey.ts'

// Several people in browsers of their own, on a machine that may be busy.
test.describe.configure({ timeout: 300_000 })

const direct = ({ page }: Visitor, name: string) =>
  page.getByRole('list', { name: 'Direct messages' }).getByRole('link', { name: new RegExp(`^${name}`) })

async function chooseInMenu({ page }: Visitor, button: string | RegExp, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: button }).click()
  await page.getByRole('menu').getByText(item).click()
}

async function choosePerson({ page }: Visitor, name: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(name)
  await dialog.getByRole('list', { name: 'People found' }).getByRole('button', { name }).click()
}

test('two people write to each other directly, and it is the same room whoever begins', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await owner.page.getByRole('button', { name: 'New message' }).click()
  await choosePerson(owner, 'bob')
  await checkScreen(owner.page, 'a new message')
  await owner.page.getByRole('button', { name: 'Open' }).click()
  await expect(owner.page.getByRole('heading', { name: 'bob', level: 1 })).toBeVisible()
  await owner.send('Lunch?')
  await expect(direct(bob, 'olga')).toHaveAccessibleName(/1 unread/)
  await expect(direct(bob, 'olga')).toContainText('Lunch?')
  await direct(bob, 'olga').click()
  await bob.send('At noon')
  await expect(owner.message('At noon')).toBeVisible()
  await expect(bob.page).toHaveTitle(/olga/)
  await checkScreen(bob.page, 'a direct message')
  await bob.page.getByRole('button', { name: 'New message' }).click()
  await choosePerson(bob, 'olga')
  await bob.page.getByRole('button', { name: 'Open' }).click()
  await expect(bob.message('Lunch?')).toBeVisible()
  await bob.page.getByRole('button', { name: 'Room menu' }).click()
  await expect(bob.page.getByRole('menuitem', { name: 'Leave room' })).toHaveCount(0)
})

test('people are added to a private room, given a role and removed while they look at it', async ({
  owner,
  invite,
}) => {
  const bob = await invite('bob')
  await owner.page.getByRole('button', { name: 'New room' }).click()
  await owner.page.getByRole('dialog').getByLabel('Name').fill('Plans')
  await owner.page.getByRole('radio', { name: 'Private' }).check()
  await owner.page.getByRole('button', { name: 'Create room' }).click()
  await chooseInMenu(owner, 'Room menu', 'Add people')
  await choosePerson(owner, 'bob')
  await checkScreen(owner.page, 'adding people')
  await owner.page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
  await expect(owner.page.getByText('Added bob.', { exact: true })).toBeVisible()
  await bob.room('Plans').click()
  await expect(bob.page.getByText('olga added bob')).toBeVisible()

  await owner.page.getByRole('button', { name: '2 members' }).click()
  await chooseInMenu(owner, 'What to do about bob', 'Admin')
  await owner.page.keyboard.press('Escape')
  const panel = owner.page.getByRole('complementary', { name: 'Members' })
  await expect(panel.getByText('Admin', { exact: true })).toBeVisible()
  await checkScreen(owner.page, 'members of a room that one runs')
  await chooseInMenu(bob, 'Room menu', 'Room details')
  await expect(bob.page.getByRole('button', { name: 'Change the name' })).toBeVisible()

  await chooseInMenu(owner, 'What to do about bob', 'Remove from room')
  await expect(bob.page.getByRole('heading', { name: "You're not in this room" })).toBeVisible()
  await expect(bob.room('Plans')).toHaveCount(0)
  await owner.page.getByRole('button', { name: 'Add again' }).click()
  await expect(bob.room('Plans')).toBeVisible()
  await expect(panel.getByText('Admin', { exact: true })).toBeVisible()
})

test('a room is renamed where it stands, and everybody sees it at once', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await chooseInMenu(owner, 'Room menu', 'Room details')
  const { page } = owner
  await page.getByRole('button', { name: 'Change the name' }).press('Enter')
  const field = page.getByRole('textbox', { name: 'Name', exact: true })
  await expect(field).toBeFocused()
  await field.fill(' ')
  await field.press('Enter')
  await expect(page.getByText('Give the room a name.')).toBeVisible()
  await field.press('Escape')
  await expect(page.getByRole('button', { name: 'Change the name' })).toBeFocused()
  await page.keyboard.press('Enter')
  await field.fill('Tea room')
  await field.press('Enter')
  await page.getByRole('button', { name: 'Change the topic' }).click()
  await page.getByRole('textbox', { name: 'Topic' }).fill('Green and black')
  await checkScreen(page, 'details of a room that one runs')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(bob.page.getByRole('heading', { name: 'Tea room', level: 1 })).toBeVisible()
  await expect(bob.page.getByText('Green and black').first()).toBeVisible()
  await expect(bob.page.getByText(/olga renamed the room/)).toBeVisible()
  await expect(bob.room('Tea room')).toBeVisible()
})

test('an archived room can be read, not written in, and restored', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('said before')
  await chooseInMenu(owner, 'Room menu', 'Archive room')
  await expect(bob.page.getByText('This room is archived')).toBeVisible()
  await expect(bob.composer).toHaveCount(0)
  await expect(bob.message('said before')).toBeVisible()
  await checkScreen(bob.page, 'an archived room')
  await bob.page.getByRole('link', { name: 'Discover rooms' }).click()
  await expect(bob.page.getByRole('heading', { name: 'No rooms to discover' })).toBeVisible()
  await bob.page.getByRole('checkbox', { name: 'Archived rooms of mine' }).check()
  await expect(bob.page.getByRole('link', { name: 'General' })).toBeVisible()
  await owner.page.getByRole('link', { name: 'Discover rooms' }).click()
  await owner.page.getByRole('checkbox', { name: 'Archived rooms of mine' }).check()
  await checkScreen(owner.page, 'archived rooms')
  await owner.page.getByRole('button', { name: 'Restore General' }).click()
  await expect(bob.room('General')).toBeVisible()
  await bob.room('General').click()
  await bob.send('open again')
  await owner.room('General').click()
  await expect(owner.message('open again')).toBeVisible()
})

test('in an announcement room those write who run it', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await owner.page.getByRole('button', { name: 'New room' }).click()
  await owner.page.getByRole('dialog').getByLabel('Name').fill('News')
  await owner.page.getByRole('radio', { name: 'Admins only' }).check()
  await owner.page.getByRole('button', { name: 'Create room' }).click()
  await owner.send('We moved')
  await bob.joinRoom('News')
  await expect(bob.message('We moved')).toBeVisible()
  await expect(bob.page.getByText('Only admins write in this room.')).toBeVisible()
  await expect(bob.composer).toHaveCount(0)
  await checkScreen(bob.page, 'an announcement room')
  await chooseInMenu(owner, 'Room menu', 'Room details')
  await owner.page.getByRole('radio', { name: 'Everybody' }).check()
  await bob.send('Thank you')
  await expect(owner.message('Thank you')).toBeVisible()
})
