import { checkScreen, overflowOf } from './check-screen.ts'
import { expect, test, type Visitor } from './journey.ts'

// Many looks at each screen, on a machine that may be busy.
test.describe.configure({ timeout: 180_000 })

async function openUserMenu({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: /^Your account/ }).click()
  await expect(page.getByRole('menu')).toBeVisible()
}

test('setting up', async ({ visit }) => {
  const { page } = await visit()
  await page.goto('/')
  await expect(page.getByRole('button', { name: 'Make my account' })).toBeVisible()
  await checkScreen(page, 'setting up')
  await page.getByRole('button', { name: 'Make my account' }).click()
  await expect(page.getByText('Enter a username.')).toBeVisible()
  await checkScreen(page, 'setting up, refused')
})

test('signing in, and an invite that no longer works', async ({ owner, visit }) => {
  const { page } = await visit()
  await page.goto(owner.page.url())
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await checkScreen(page, 'signing in')
  await page.goto('/invite/nobody-made-this')
  await expect(page.getByRole('heading', { name: 'This invite no longer works' })).toBeVisible()
  await checkScreen(page, 'an invite that no longer works')
})

test('first use, without any room', async ({ invite }) => {
  const { page } = await invite('bob')
  await expect(page.getByRole('heading', { name: 'Welcome to GrandChat' })).toBeVisible()
  await checkScreen(page, 'first use')
})

test('rooms with messages, members and what is new', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.createRoom(`A room with a name that goes on and on ${'abc'.repeat(10)}`)
  await checkScreen(bob.page, 'an empty room')
  const word = 'x'.repeat(400)
  for (const text of ['Hello', 'שלום לכולם', `see https://example.com/${word}`, word]) await owner.send(text)
  await expect(bob.room('General')).toHaveAccessibleName(/4 unread/)
  await bob.page.goto('/')
  await expect(bob.room('General')).toBeVisible()
  await checkScreen(bob.page, 'the list of rooms')
  await bob.room('General').click()
  await expect(bob.page.getByRole('separator', { name: 'New messages from here on' })).toBeVisible()
  await checkScreen(bob.page, 'a room')
  await bob.page.getByRole('button', { name: '2 members' }).click()
  await expect(bob.page.getByRole('complementary', { name: 'Members' }).getByText('olga')).toBeVisible()
  await checkScreen(bob.page, 'the members')
  await bob.page.goto('/rooms/99999')
  await expect(bob.page.getByRole('heading', { name: "You're not in this room" })).toBeVisible()
  await checkScreen(bob.page, 'not a member')
})

/** Two people in a conversation with an answer, a reaction, a change and a pin; Bob's keyboard is on the last message. */
async function converse(owner: Visitor, invite: (username: string) => Promise<Visitor>): Promise<Visitor> {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  const { page } = bob
  await owner.send('Who brings the **cake**? It should be large: everybody is coming, and Ann brings her children.')
  await bob.send('I do')
  await expect(bob.message('cake')).toBeVisible()
  await owner.message('cake').hover()
  await owner.message('cake').getByRole('toolbar').getByRole('button', { name: 'React' }).click()
  await owner.page.getByRole('button', { name: 'React with 🎉' }).click()
  await bob.message('cake').hover()
  await bob.message('cake').getByRole('toolbar').getByRole('button', { name: 'Reply', exact: true }).click()
  await bob.send('With cherries')
  await bob.composer.press('ArrowUp')
  await page.getByRole('textbox', { name: 'New text of the message' }).fill('With cherries, if there are any')
  await page.keyboard.press('Enter')
  await page.getByRole('region', { name: 'Messages in General' }).focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('p')
  await expect(page.getByText('bob pinned a message.')).toBeVisible()
  return bob
}

test('what can be done with a message', async ({ owner, invite }) => {
  test.setTimeout(480_000)
  const bob = await converse(owner, invite)
  const { page } = bob
  await checkScreen(page, 'a message that has the focus')
  await page.keyboard.press('e')
  await checkScreen(page, 'a message that is being changed')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menu')).toBeVisible()
  await checkScreen(page, 'the menu of a message')
  await page.keyboard.press('Escape')
  await page.keyboard.press('+')
  await expect(page.getByRole('button', { name: 'React with 👍' })).toBeVisible()
  await checkScreen(page, 'choosing a reaction')
  await page.keyboard.press('Escape')
  await page.keyboard.press('f')
  await expect(page.getByRole('dialog', { name: 'Forward to' })).toBeVisible()
  await checkScreen(page, 'forwarding')
})

test('what hangs on messages', async ({ owner, invite }) => {
  test.setTimeout(480_000)
  const bob = await converse(owner, invite)
  const { page } = bob
  await page.keyboard.press('r')
  await expect(page.getByText('Replying to bob')).toBeVisible()
  await checkScreen(page, 'answering')
  await bob.message('cherries').getByRole('button', { name: '(edited)' }).click()
  await expect(page.getByRole('dialog', { name: 'What it said before' })).toBeVisible()
  await checkScreen(page, 'earlier texts')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Pinned messages' }).click()
  const panel = page.getByRole('complementary', { name: 'Pinned messages' })
  await expect(panel.getByText('cherries')).toBeVisible()
  await checkScreen(page, 'what is pinned')
  const messageId = await bob.message('Who brings').first().getAttribute('data-message-id')
  await page.goto(`${new URL(page.url()).pathname.replace('/pins', '')}/messages/${messageId}`)
  await expect(bob.message('Who brings').first()).toBeInViewport()
  await checkScreen(page, 'a room at a message')
})

test('discovering rooms', async ({ owner: { page } }) => {
  await page.getByRole('link', { name: 'Discover rooms' }).click()
  await expect(page.getByRole('button', { name: 'Leave General' })).toBeVisible()
  await checkScreen(page, 'rooms found')
  await page.getByRole('searchbox').fill('zebra')
  await expect(page.getByRole('heading', { name: 'No room called “zebra”' })).toBeVisible()
  await checkScreen(page, 'no room found')
})

test('menus and dialogs', async ({ owner }) => {
  const { page } = owner
  await page.goto('/')
  await page.getByRole('button', { name: 'New room' }).click()
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeVisible()
  await checkScreen(page, 'making a room')
  await page.keyboard.press('Escape')
  await openUserMenu(owner)
  await checkScreen(page, 'the user menu')
  await page.getByRole('menuitem', { name: 'Add an account' }).click()
  await expect(page.getByRole('dialog').getByLabel('Username')).toBeVisible()
  await checkScreen(page, 'adding an account')
  await page.keyboard.press('Escape')
  await openUserMenu(owner)
  await page.getByRole('menuitem', { name: 'Invite people' }).click()
  await expect(page.getByRole('dialog').getByLabel('Invite link')).toBeVisible()
  await checkScreen(page, 'inviting')
})

test('the sidebar as a rail, and everything compact', async ({ owner }) => {
  const { page } = owner
  await owner.send('Hello')
  await openUserMenu(owner)
  await page.getByRole('menuitemradio', { name: 'Compact' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Collapse the sidebar' }).click()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Expand the sidebar' })).toBeVisible()
  await expect(owner.room('General')).toBeVisible()
  await checkScreen(page, 'a room beside the rail')
})

test('menus and dialogs open without a network', async ({ owner }) => {
  const { page } = owner
  const fetched = page.waitForResponse(/create-room-dialog/)
  await page.reload()
  await fetched
  await page.waitForLoadState('networkidle')
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'New room' }).click()
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeVisible()
})

test('at twice the size of letters nothing is out of reach', async ({ owner }) => {
  // 200 % zoom of a 1280 × 800 window leaves half of each.
  await owner.page.setViewportSize({ width: 640, height: 400 })
  await owner.send('Hello')
  await expect(owner.message('Hello')).toBeInViewport()
  await expect(owner.composer).toBeInViewport()
  expect(await overflowOf(owner.page)).toBe(0)
})

test('whoever works with the keyboard alone never loses their place', async ({ owner }) => {
  const { page } = owner
  const focused = page.locator(':focus')
  await owner.composer.press('Alt+ArrowDown')
  await expect(owner.composer).toBeFocused()
  await page.getByRole('button', { name: '1 member' }).press('Enter')
  await expect(page.getByRole('complementary', { name: 'Members' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: '1 member' })).toBeFocused()
  await page.getByRole('button', { name: 'New room' }).press('Enter')
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'New room' })).toBeFocused()
  await page.getByRole('button', { name: 'Room menu' }).press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Room details' })).toBeFocused()
  await page.keyboard.press('End')
  await expect(page.getByRole('menuitem', { name: 'Leave room' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Join again' })).toBeVisible()
  await expect(focused).toHaveAttribute('id', 'main')
  await page.getByRole('button', { name: 'Join again' }).press('Enter')
  await expect(owner.composer).toBeFocused()
})
