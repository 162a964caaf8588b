import { expect, test, Visitor } from './journey.ts'

const badge = (visitor: Visitor, room: string) => visitor.room(room).locator('[data-calls]')

/** What this person has read on another device counts here, too. */
async function openSecondTab({ page }: Visitor): Promise<Visitor> {
  const second = new Visitor(await page.context().newPage())
  await second.page.goto('/discover')
  await expect(second.connection).toHaveAttribute('data-connection', 'live')
  return second
}

test('a mention calls in every tab until it is read in one, and after a time without network', async ({
  owner,
  invite,
}) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.createRoom('Elsewhere')
  const second = await openSecondTab(bob)

  await owner.send('nothing for anybody')
  for (const tab of [bob, second]) {
    await expect(tab.room('General')).toHaveAccessibleName(/1 unread message$/)
    await expect(badge(tab, 'General')).toHaveAttribute('data-calls', '0')
  }
  await owner.send('@bob, and `@all`')
  await owner.send('@ALL is nobody, @all is everybody')
  for (const tab of [bob, second]) {
    await expect(tab.room('General')).toHaveAccessibleName(/3 unread messages, 2 mentions$/)
    await expect(tab.page).toHaveTitle(/^\(2\) /)
  }

  await bob.room('General').click()
  await expect(bob.message('is everybody')).toBeVisible()
  await expect(bob.message('@bob')).toHaveClass(/mentions-me/)
  await expect(bob.message('nothing for')).not.toHaveClass(/mentions-me/)
  for (const tab of [bob, second]) {
    await expect(tab.room('General')).not.toHaveAccessibleName(/unread|mention/)
    await expect(tab.page).not.toHaveTitle(/^\(/)
  }

  await bob.room('Elsewhere').click()
  await bob.page.context().setOffline(true)
  await owner.send('@bob while you were away')
  await owner.send('and @bob, this is taken back')
  await owner.message('taken back').hover()
  await owner.message('taken back').getByRole('button', { name: 'More' }).click()
  await owner.page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(owner.message('taken back')).toHaveCount(0)
  await bob.page.context().setOffline(false)
  for (const tab of [bob, second]) await expect(badge(tab, 'General')).toHaveAttribute('data-calls', '1')
})

test('mentions out of sight are told of where the room is read, and led to', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  const roomId = Number(new URL(bob.page.url()).pathname.split('/')[2])
  await bob.createRoom('Elsewhere')
  const texts = Array.from({ length: 60 }, (_, n) => `line ${n + 1}${n === 4 || n === 50 ? ', @bob' : ''}`)
  await owner.sendMany(roomId, texts)
  await expect(badge(bob, 'General')).toHaveAttribute('data-calls', '2')
  await bob.room('General').click()
  const down = bob.page.getByRole('button', { name: '1 mention below' })
  await expect(down).toBeVisible()
  await down.click()
  await expect(bob.message(/^.*line 51, @bob/)).toBeInViewport()
  await expect(down).toHaveCount(0)
})

test('all that mentions one stands on a page, as it comes and as it is taken back, and leads to its place', async ({
  owner,
  invite,
}) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  const roomId = Number(new URL(bob.page.url()).pathname.split('/')[2])
  await bob.page.getByRole('link', { name: /^Mentions/ }).click()
  await expect(bob.page.getByRole('heading', { name: 'No mentions yet' })).toBeVisible()

  const mention = (text: string) => bob.page.locator('[data-mention]').filter({ hasText: text })
  await owner.send('@bob, the first')
  await owner.sendMany(
    roomId,
    Array.from({ length: 60 }, (_, n) => `line ${n + 1}`),
  )
  await owner.send('**@all**, the second')
  await expect(mention('the second')).toBeVisible()
  await expect(mention('the first')).toHaveAttribute('data-unread', 'true')
  await expect(bob.page.locator('[data-mention]')).toHaveCount(2)
  await owner.message('the second').hover()
  await owner.message('the second').getByRole('button', { name: 'More' }).click()
  await owner.page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(mention('the second')).toHaveCount(0)

  // A name that an edit brings in calls as well; its list takes Escape and Enter before the edit does.
  await owner.send('the fourth')
  await expect(owner.message('the fourth')).toBeVisible()
  await owner.composer.press('ArrowUp')
  const edit = owner.page.getByRole('textbox', { name: 'New text of the message' })
  const suggestions = owner.page.getByRole('listbox', { name: 'Suggestions' })
  await edit.pressSequentially(', @al')
  await expect(suggestions).toBeVisible()
  await edit.press('Escape')
  await expect(suggestions).toHaveCount(0)
  await edit.pressSequentially(' and @bo')
  await expect(suggestions.getByRole('option', { name: /bob/ })).toBeInViewport()
  await edit.press('Enter')
  await expect(edit).toHaveValue('the fourth, @al and @bob ')
  await edit.press('Enter')
  await expect(edit).toHaveCount(0)
  await expect(mention('the fourth')).toBeVisible()

  await bob.page.context().setOffline(true)
  await owner.send('@bob, the third')
  await bob.page.context().setOffline(false)
  await expect(mention('the third')).toBeVisible()

  await mention('the first')
    .getByRole('link', { name: /^Unread\. Show the message by olga/ })
    .press('m')
  await expect(mention('the first')).not.toHaveAttribute('data-unread')
  await expect(mention('the third')).toHaveAttribute('data-unread', 'true')
  await mention('the first')
    .getByRole('link', { name: /^Show the message by olga/ })
    .press('Enter')
  await expect(bob.message('the first')).toBeInViewport()
  await expect(bob.message('line 2').first()).toBeVisible()
})
