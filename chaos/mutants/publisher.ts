import type { Mutant } from './index.ts'
import { Stage } from './stage.ts'

/** The last message before a silence is committed, and what should announce it fails. */
export const publisher: Mutant = {
  id: 'm2',
  title: 'the publisher forgets what it could not publish, and nobody looks at the head',
  expected: 'late',
  async run(hasBug) {
    const stage = await Stage.set(hasBug ? { bugs: ['no dirty marks'], clientBugs: ['no head check'] } : {})
    try {
      const first = await stage.annSends()
      await stage.until(() => stage.isShownTo(stage.bob, first))
      await stage.installation.backend.hinder('before publish', 'fail')
      await stage.annSends()
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}
