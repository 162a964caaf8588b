import { scrollBy } from '../bench/web/in-page.ts'
import { expect, test } from './journey.ts'

const steps = 60
const px = 500

test('what is being read stays where it is while older messages come in above', async ({ owner }) => {
  const { page } = owner
  const roomId = Number(/\d+$/.exec(page.url())?.[0])
  const texts = Array.from({ length: 600 }, (_, i) => `${i} ${'Some words that somebody wrote. '.repeat(1 + (i % 7))}`)
  await owner.sendMany(roomId, texts)
  await page.reload()
  await expect(owner.message(/^599 |599 Some/).last()).toBeVisible()
  const up = await page.evaluate(scrollBy, { px: -px, steps })
  expect(up.seen, 'older messages were loaded').toBeGreaterThan(200)
  expect(up.jumps.filter((jump) => jump > 1)).toEqual([])
  const down = await page.evaluate(scrollBy, { px, steps })
  expect(down.jumps.filter((jump) => jump > 1)).toEqual([])
})
