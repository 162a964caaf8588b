import { checkScreen } from './check-screen.ts'
import { expect, test, type Visitor } from './journey.ts'

test.describe.configure({ timeout: 180_000 })

const rich = [
  '**Release 2.4** is out, _finally_. ~~Friday~~ Monday it is, see [the notes](https://example.org/notes).',
  'What changed:\n- rooms keep their place\n- `npm start` says why it failed\n  - with the port\n- quicker search\n\n1. Update\n2. Restart\n3. Tell @bob',
  '> Can we ship it before noon?\n> It is the last one.\n\nYes. :tada:',
  'This is what it does now:\n```ts\nexport async function retry<T>(run: () => Promise<T>, times = 3): Promise<T> {\n  // Once more, a little later each time.\n  for (let turn = 1; ; turn++) {\n    try {\n      return await run()\n    } catch (error) {\n      if (turn === times) throw error\n      await pause(2 ** turn * 100)\n    }\n  }\n}\n```\nand nothing else.',
  '🎉🚀',
]

const longCode = `\`\`\`json\n${Array.from({ length: 40 }, (_, i) => `{ "line": ${i}, "text": "${'wide '.repeat(18)}" }`).join('\n')}\n\`\`\``

async function say(visitor: Visitor, text: string): Promise<void> {
  await visitor.composer.fill(text)
  await visitor.composer.press('Control+Enter')
  await expect(visitor.composer).toHaveValue('')
}

test('messages look as they were meant, in both themes and on a phone', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  for (const text of rich) await say(owner, text)
  await say(bob, longCode)
  await say(bob, 'Thanks @olga, and @nobody. More in #General and `#General`.')

  const release = owner.message('Release 2.4')
  await expect(release.locator('strong')).toHaveText('Release 2.4')
  await expect(release.getByRole('link', { name: 'the notes' })).toHaveAttribute('href', 'https://example.org/notes')
  await expect(owner.message('What changed').getByRole('listitem')).toHaveCount(7)
  await expect(owner.message('Can we ship').locator('blockquote')).toContainText('the last one')
  await expect(owner.message('Can we ship').getByRole('img', { name: 'party popper' })).toBeVisible()
  await expect(owner.message('what it does now').locator('[data-code="keyword"]').first()).toHaveText('export')
  const thanks = bob.message('Thanks')
  await expect(thanks.locator('.mention')).toHaveText(['@olga', '#General'])
  await expect(owner.message('Thanks').locator('.mention[data-me]')).toHaveText('@olga')
  await expect(owner.room('General')).toContainText('Thanks @olga, and @nobody. More in #General and #General.')
  const code = bob.message('"line": 0')
  await code.getByRole('button', { name: 'Show all 40 lines' }).click()
  await expect(code.getByRole('button', { name: 'Show less' })).toBeVisible()
  await checkScreen(owner.page, 'a rich conversation')
})

test('names and emoji are completed while one types', async ({ owner, invite }) => {
  const bob = await invite('bob')
  await bob.joinRoom('General')
  await owner.composer.pressSequentially('Ask @bo')
  const list = owner.page.getByRole('listbox', { name: 'Suggestions' })
  await expect(list.getByRole('option')).toHaveText([/bob/])
  await checkScreen(owner.page, 'suggestions')
  await owner.composer.press('Enter')
  await owner.composer.pressSequentially('in #Gen')
  await expect(list.getByRole('option', { name: 'General' })).toBeVisible()
  await owner.composer.press('Tab')
  await owner.composer.pressSequentially(':rocke')
  await list.getByRole('option', { name: /:rocket:/ }).click()
  await expect(owner.composer).toHaveValue('Ask @bob in #General 🚀 ')
  await expect(owner.composer).toBeFocused()
  await owner.composer.press('Enter')
  await expect(bob.message('Ask').locator('.mention')).toHaveText(['@bob', '#General'])
})

test('an emoji is chosen by keyboard alone', async ({ owner }) => {
  await owner.composer.fill('Well done ')
  await owner.page.getByRole('button', { name: 'Add an emoji' }).press('Enter')
  const picker = owner.page.getByRole('dialog', { name: 'Choose an emoji' })
  await expect(picker.getByRole('gridcell', { name: 'grinning face', exact: true })).toBeVisible()
  await checkScreen(owner.page, 'the emoji')
  await picker.getByRole('searchbox').fill('party')
  await expect(picker.getByText('Found')).toBeVisible()
  await owner.page.keyboard.press('ArrowDown')
  await expect(picker.getByRole('gridcell').first()).toBeFocused()
  await owner.page.keyboard.press('Enter')
  await expect(picker).toHaveCount(0)
  await expect(owner.composer).toBeFocused()
  await expect(owner.composer).toHaveValue(/^Well done \p{Extended_Pictographic}/u)
})

test('code that is pasted becomes a block, and undo gives it back plain', async ({ owner }) => {
  const { page, composer } = owner
  await composer.focus()
  await composer.evaluate((field) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', 'def f():\n    return 1')
    clipboardData.setData('vscode-editor-data', '{"mode":"python"}')
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await expect(composer).toHaveValue('```python\ndef f():\n    return 1\n```')
  await page.keyboard.press('Control+z')
  await expect(composer).toHaveValue('def f():\n    return 1')
  await page.keyboard.press('Control+z')
  await expect(composer).toHaveValue('')
})

test('marks, lists and code are typed by keys', async ({ owner }) => {
  const { page, composer } = owner
  await composer.pressSequentially('so ')
  await page.keyboard.press('Control+b')
  await composer.pressSequentially('bold')
  await expect(composer).toHaveValue('so **bold**')
  await page.keyboard.press('Control+z')
  await composer.fill('- one')
  await page.keyboard.press('Shift+Enter')
  await composer.pressSequentially('two')
  await expect(composer).toHaveValue('- one\n- two')
  await composer.fill('')
  await composer.pressSequentially('```')
  await page.keyboard.press('Enter')
  await composer.pressSequentially('let a')
  await page.keyboard.press('Enter')
  await expect(composer).toHaveValue('```\nlet a\n')
  await page.keyboard.press('Control+Enter')
  await expect(owner.message('let a').locator('pre')).toHaveText('let a')
  await page.getByRole('button', { name: 'Show formatting' }).click()
  await checkScreen(page, 'the buttons of the composer')
})
