import { scrollBy } from '../bench/web/in-page.ts'
import { expect, test } from './journey.ts'

const px = 500
const ready = 300

test('what is being read stays where it is while older messages come in above', async ({ owner }) => {
  const { page } = owner
  const roomId = Number(/\d+$/.exec(page.url())?.[0])
  const texts = Array.from({ length: 400 }, (_, i) => `${i} ${'Some words that somebody wrote. '.repeat(1 + (i % 7))}`)
  await owner.sendMany(roomId, texts)
  await page.reload()
  await expect(owner.message(/^399 |399 Some/).last()).toBeVisible()
  const up = await page.evaluate(scrollBy, { px: -px, steps: 30, ready })
  expect(up.seen, 'older messages were loaded').toBeGreaterThan(120)
  expect(up.jumps.filter((jump) => jump > 1)).toEqual([])
  // Not to the end, which draws in whoever comes near it.
  const down = await page.evaluate(scrollBy, { px, steps: 25, ready })
  expect(down.jumps.filter((jump) => jump > 1)).toEqual([])
})
