import type { Locator } from '@playwright/test'
import { expect, test, type Visitor } from './journey.ts'

/** Browsers that were just connected take their time to report what has reached them. */
const unhurried = { timeout: 60_000 }

/** How far an own message has got, as its mark says. */
const mark = (person: Visitor, text: string): Locator => person.message(text).locator('[data-part=receipt]')

test('a message is stored, delivered and read, and its mark opens who has read it', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await bob.createRoom('Elsewhere')

  await owner.page.context().setOffline(true)
  await owner.send('See you at noon')
  await expect(owner.message('See you at noon')).toHaveAttribute('data-status', /sending|waiting/)
  await expect(mark(owner, 'See you at noon')).toHaveCount(0)
  await owner.page.context().setOffline(false)

  // Bob is somewhere else: his browser has it, and he has not read it.
  await expect(mark(owner, 'See you at noon')).toHaveAccessibleName('Delivered', unhurried)
  await expect(bob.room('General')).toContainText('See you at noon')
  await bob.room('General').click()
  await expect(bob.message('See you at noon')).toBeVisible()
  await expect(mark(owner, 'See you at noon')).toHaveAccessibleName('Read', unhurried)
  // Others' messages have no mark.
  await expect(mark(bob, 'See you at noon')).toHaveCount(0)

  await mark(owner, 'See you at noon').click()
  const dialog = owner.page.getByRole('dialog', { name: 'Seen by' })
  await expect(dialog.getByRole('region', { name: 'Read' }).getByRole('listitem')).toHaveText([/bob/])
  await owner.page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  // Pointing at a line does not cover its mark with what can be done with it.
  await owner.send('Bring an umbrella')
  await mark(owner, 'Bring an umbrella').click({ timeout: 10_000 })
  await expect(dialog).toBeVisible()
  await owner.page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)

  // Without a network, and after a reload, the last that was known is shown.
  await bob.page.context().setOffline(true)
  await owner.send('Are you there?')
  await expect(mark(owner, 'Are you there?')).toHaveAccessibleName(/^Stored as #3$/)
  await owner.page.reload()
  await expect(mark(owner, 'Are you there?')).toHaveAccessibleName(/^Stored as #3$/)
  await bob.page.context().setOffline(false)
  await expect(mark(owner, 'Are you there?')).toHaveAccessibleName('Read', unhurried)
})

test('in a room of many it is found out when one asks', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.send('Is anybody reading this?')
  await expect(bob.message('Is anybody reading this?')).toBeVisible()
  // As if the room were large: nothing is known but what the server says.
  await owner.page.route(/\/messages\/\?limit=/, async (route) => {
    const answer = await route.fetch()
    const { members: _members, ...page } = (await answer.json()) as Record<string, unknown>
    await route.fulfill({ response: answer, json: page })
  })
  await owner.page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name)
  })
  await owner.page.reload()
  await owner.message('Is anybody reading this?').press('Enter')
  await owner.page.getByRole('menuitem', { name: 'Seen by…' }).click()
  const dialog = owner.page.getByRole('dialog', { name: 'Seen by' })
  await expect(dialog.getByText('Read by 1 of 1')).toBeVisible()
  await expect(dialog.getByRole('listitem')).toHaveText([/bob/])
})
