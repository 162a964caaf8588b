import type { Mutant } from './index.ts'
import { Stage } from './stage.ts'

/** While Bob is away the real-time layer loses a publication, and tells him that he has recovered everything. */
export const recovered: Mutant = {
  id: 'm8',
  title: 'what the real-time layer calls recovered is believed',
  expected: 'late',
  async run(hasBug) {
    const stage = await Stage.set(hasBug ? { clientBugs: ['no gap rule', 'no head check'] } : {})
    try {
      const { bob, installation } = stage
      const first = await stage.annSends()
      await stage.until(() => stage.isShownTo(bob, first))
      bob.network.set({ isRefusing: true })
      bob.network.reset()
      await stage.until(() => !bob.isLive)
      await installation.backend.hinder('before publish', 'skip')
      await stage.annSends()
      bob.network.heal()
      await stage.until(() => bob.isLive)
      const last = await stage.annSends()
      await stage.until(() => stage.isShownTo(bob, last))
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}
