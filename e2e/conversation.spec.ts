import type { Locator, Page } from '@playwright/test'
import { expect, test, type Visitor } from './journey.ts'

test.describe.configure({ timeout: 240_000 })

/** Points at a message and presses a button of what it offers. */
async function act(visitor: Visitor, text: string | RegExp, name: string): Promise<void> {
  const message = visitor.message(text)
  await message.hover()
  await message.getByRole('toolbar').getByRole('button', { name, exact: true }).click()
}

async function choose(visitor: Visitor, text: string | RegExp, name: string): Promise<void> {
  await act(visitor, text, 'More')
  await visitor.page.getByRole('menuitem', { name }).click()
}

function reaction(message: Locator, emoji: string): Locator {
  return message.getByRole('list', { name: 'Reactions' }).getByRole('button', { name: new RegExp(`^${emoji}`) })
}

const roomIdOf = (page: Page) => Number(/\/rooms\/(\d+)/.exec(page.url())?.[1])

test('a message is changed, and everybody can see what it said before', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('The meeting is at nine')
  await expect(bob.message('The meeting is at nine')).toBeVisible()
  await owner.composer.press('ArrowUp')
  const field = owner.page.getByRole('textbox', { name: 'New text of the message' })
  await expect(field).toBeFocused()
  await field.fill('The meeting is at ten')
  await field.press('Enter')
  await expect(owner.composer).toBeFocused()
  await expect(owner.message('The meeting is at ten')).toBeVisible()
  const changed = bob.message('The meeting is at ten')
  await changed.getByRole('button', { name: '(edited)' }).click()
  const dialog = bob.page.getByRole('dialog', { name: 'What it said before' })
  await expect(dialog.getByText('The meeting is at nine')).toBeVisible()
  await bob.page.keyboard.press('Escape')
  await changed.hover()
  await changed.getByRole('toolbar').getByRole('button', { name: 'More' }).click()
  await expect(bob.page.getByRole('menuitem', { name: 'Forward' })).toBeVisible()
  await expect(bob.page.getByRole('menuitem', { name: 'Edit' })).toHaveCount(0)
  await expect(bob.page.getByRole('menuitem', { name: 'Delete' })).toHaveCount(0)
})

test('a deleted message comes back if that is undone, and is gone for everybody if not', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.send('This one stays')
  await bob.send('This one goes')
  await expect(owner.message('This one goes')).toBeVisible()

  await choose(bob, 'This one stays', 'Delete')
  await expect(bob.message('This one stays')).toHaveCount(0)
  await bob.page.getByRole('button', { name: 'Undo' }).click()
  await expect(bob.message('This one stays')).toBeVisible()

  await choose(bob, 'This one goes', 'Delete')
  await expect(bob.message('This one goes')).toHaveCount(0)
  await expect(owner.message('This one goes')).toHaveCount(0)
  await expect(owner.message('This one stays')).toBeVisible()
  await bob.page.reload()
  await expect(bob.message('This one stays')).toBeVisible()
  await expect(bob.message('This one goes')).toHaveCount(0)
})

test('leaving the page does not take a deletion back', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('Nobody should read this')
  await expect(bob.message('Nobody should read this')).toBeVisible()
  await choose(owner, 'Nobody should read this', 'Delete')
  await owner.page.goto('about:blank')
  await owner.page.goto('/')
  await expect(bob.message('Nobody should read this')).toHaveCount(0)
})

test('what is deleted without a network can be had back, and else is deleted by the next page that has one', async ({
  owner,
  invite,
}) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  const room = owner.page.url()
  for (const text of ['Said too soon', 'Said just right']) {
    await owner.send(text)
    await expect(bob.message(text)).toBeVisible()
  }
  const browser = owner.page.context()
  await browser.route(/\/(api|connection)\//, (route) => route.abort())
  await choose(owner, 'Said too soon', 'Delete')
  await choose(owner, 'Said just right', 'Delete')
  const waiting = () => owner.message('Deleted here. Others see it')
  await expect(waiting()).toHaveCount(2)
  await expect(bob.message('Said too soon')).toBeVisible()

  const before = owner.page
  owner.page = await browser.newPage()
  await before.close()
  await owner.page.goto(room)
  await expect(waiting()).toHaveCount(2)
  await waiting().last().getByRole('button', { name: 'Undo' }).click()
  await expect(owner.message('Said just right')).toBeVisible()
  await expect(waiting()).toHaveCount(1)

  const tunnel = owner.page
  owner.page = await browser.newPage()
  await tunnel.close()
  await browser.unrouteAll()
  await owner.page.goto(room)
  await expect(bob.message('Said too soon')).toHaveCount(0)
  await expect(owner.message('Said just right')).toBeVisible()
  await expect(owner.message('Said too soon')).toHaveCount(0)
  await expect(waiting()).toHaveCount(0)
  await expect(bob.message('Said just right')).toBeVisible()
})

test('an answer shows what it answers, and leads there', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('Who brings the **cake**?')
  await owner.sendMany(
    roomIdOf(owner.page),
    Array.from({ length: 40 }, (_, i) => `in between ${i + 1}`),
  )
  await expect(bob.message('in between 40')).toBeVisible()
  const question = bob.message('Who brings the cake?').first()
  await expect(async () => {
    await bob.page.getByRole('region', { name: 'Messages in General' }).hover()
    await bob.page.mouse.wheel(0, -1_500)
    await expect(question).toBeInViewport({ timeout: 300 })
  }).toPass()
  await act(bob, 'Who brings the cake?', 'Reply')
  await expect(bob.composer).toBeFocused()
  await expect(bob.page.getByText('Replying to olga')).toBeVisible()
  await bob.page.keyboard.press('Escape')
  await expect(bob.page.getByText('Replying to olga')).toHaveCount(0)
  await act(bob, 'Who brings the cake?', 'Reply')
  await bob.send('I do')
  await expect(bob.page.getByText('Replying to olga')).toHaveCount(0)

  const answer = owner.message('I do')
  await expect(answer).toBeVisible()
  await answer.getByRole('button', { name: 'In answer to olga: Who brings the cake?' }).click()
  await expect(owner.message(/^(?!.*I do).*Who brings the cake/s)).toBeInViewport()
})

test('reactions given offline arrive when the network is back', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('We are live')
  const seen = bob.message('We are live')
  await act(bob, 'We are live', 'React')
  await bob.page.getByRole('button', { name: 'React with 🎉' }).click()
  await expect(reaction(owner.message('We are live'), '🎉')).toHaveAttribute('aria-pressed', 'false')
  await reaction(owner.message('We are live'), '🎉').click()
  await expect(reaction(seen, '🎉')).toHaveAccessibleName(/2 reactions/)

  await bob.page.context().setOffline(true)
  await reaction(seen, '🎉').click()
  await act(bob, 'We are live', 'React')
  await bob.page.getByRole('button', { name: 'React with 👀' }).click()
  await expect(reaction(seen, '👀')).toHaveAttribute('aria-pressed', 'true')
  await expect(reaction(owner.message('We are live'), '👀')).toHaveCount(0)
  await bob.page.context().setOffline(false)
  await expect(reaction(owner.message('We are live'), '👀')).toBeVisible()
  await expect(reaction(owner.message('We are live'), '🎉')).toHaveAccessibleName(/1 reaction\b/)
  await reaction(owner.message('We are live'), '👀').hover()
  await expect(reaction(owner.message('We are live'), '👀')).toHaveAccessibleName(/bob/)
})

test('what is pinned is at hand for everybody, and says so', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('The password of the door is 1234')
  await choose(owner, 'The password', 'Pin')
  await expect(bob.page.getByText('olga pinned a message.')).toBeVisible()
  await expect(bob.message('The password').getByText('Pinned')).toBeAttached()
  await bob.page.getByRole('button', { name: 'Pinned messages' }).click()
  const panel = bob.page.getByRole('complementary', { name: 'Pinned messages' })
  await expect(panel.getByText('The password of the door is 1234')).toBeVisible()
  await panel.getByRole('button', { name: 'Unpin' }).click()
  await expect(panel.getByText('Nothing is pinned')).toBeVisible()
  await expect(owner.message('The password').getByText('Pinned')).toHaveCount(0)
})

test('a message is passed on to another room', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.send('Worth knowing')
  await owner.createRoom('Elsewhere')
  await owner.room('General').click()
  await choose(owner, 'Worth knowing', 'Forward')
  const dialog = owner.page.getByRole('dialog', { name: 'Forward to' })
  await dialog.getByRole('searchbox').fill('else')
  await owner.page.keyboard.press('Enter')
  await owner.page.getByRole('status').getByRole('button', { name: 'Open' }).click()
  await expect(owner.page.getByRole('heading', { name: 'Elsewhere', level: 1 })).toBeVisible()
  const forwarded = owner.message('Worth knowing')
  await expect(forwarded.getByText('Forwarded from bob')).toBeVisible()
  await forwarded.getByRole('link', { name: 'Show in General' }).click()
  await expect(owner.page.getByRole('heading', { name: 'General', level: 1 })).toBeVisible()
  await expect(owner.message('Worth knowing')).toBeInViewport()
})

test('a link leads to a message of long ago, and on from there to the newest', async ({ owner }) => {
  const roomId = roomIdOf(owner.page)
  await owner.sendMany(
    roomId,
    Array.from({ length: 300 }, (_, i) => `line ${i + 1} of many`),
  )
  await expect(owner.message('line 300 of many')).toBeVisible()
  const old = await owner.page.request.get(`/api/rooms/${roomId}/messages/?page=3`)
  const { results } = (await old.json()) as { results: { id: number; content: string }[] }
  const target = results.find(({ content }) => content === 'line 60 of many')
  await owner.page.goto(`/rooms/${roomId}/messages/${target?.id}`)
  await expect(owner.message('line 60 of many')).toBeInViewport()
  await expect(owner.message('line 300 of many')).toHaveCount(0)

  // Nothing that is loaded above or below moves what is being read. Less than a screen at a time: none is passed over.
  await expect(async () => {
    await owner.page.getByRole('region', { name: 'Messages in General' }).hover()
    await owner.page.mouse.wheel(0, 250)
    await expect(owner.message('line 200 of many')).toBeInViewport({ timeout: 300 })
  }).toPass({ intervals: [20] })
  await owner.page.getByRole('button', { name: 'Jump to newest' }).click()
  await expect(owner.message('line 300 of many')).toBeInViewport()
  await expect(owner.page).toHaveURL(/\/rooms\/\d+$/)

  await owner.page.goto(`/rooms/${roomId}/messages/999999`)
  await expect(owner.page.getByText('This message was deleted, or it was never here.')).toBeVisible()
  await expect(owner.message('line 300 of many')).toBeInViewport()
})

test('the keyboard alone does all of it', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.send('from bob')
  await owner.send('first')
  await owner.send('second')
  const { keyboard } = owner.page
  const focused = owner.page.locator('article:focus')
  await owner.page.getByRole('region', { name: 'Messages in General' }).focus()
  await keyboard.press('ArrowUp')
  await expect(focused).toContainText('second')
  await keyboard.press('ArrowUp')
  await expect(focused).toContainText('first')
  await keyboard.press('e')
  await keyboard.type(' of all')
  await keyboard.press('Enter')
  await expect(focused).toContainText('first of all')
  await keyboard.press('Home')
  await expect(focused).toContainText('from bob')
  await keyboard.press('p')
  await expect(focused.getByText('Pinned')).toBeAttached()
  await keyboard.press('+')
  await expect(owner.page.getByRole('button', { name: 'React with 👍' })).toBeFocused()
  await keyboard.press('Enter')
  await expect(focused).toContainText('from bob')
  await expect(reaction(focused, '👍')).toBeVisible()
  await keyboard.press('Enter')
  await expect(owner.page.getByRole('menu')).toBeVisible()
  await keyboard.press('Escape')
  await expect(focused).toContainText('from bob')
  await keyboard.press('End')
  await keyboard.press('Delete')
  await expect(owner.message('second')).toHaveCount(0)
  await expect(focused).toContainText('first of all')
  await keyboard.press('r')
  await expect(owner.composer).toBeFocused()
  await keyboard.type('to myself')
  await keyboard.press('Enter')
  await expect(bob.message('to myself').getByRole('button', { name: /^In answer to olga: first of all/ })).toBeVisible()
})
