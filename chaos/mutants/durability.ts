import type { Mutant } from './index.ts'
import { Stage } from './stage.ts'

/** What PostgreSQL acknowledges without having written it is gone with its memory. */
export const durability: Mutant = {
  id: 'm1',
  title: 'PostgreSQL acknowledges before it has written',
  expected: 'lost',
  async run(hasBug) {
    const lazy = { synchronous_commit: 'off', wal_writer_delay: '10s' }
    const stage = await Stage.set({ hasOwnPostgres: true, ...(hasBug && { postgres: lazy }) })
    try {
      const { installation } = stage
      // What was there before is written, and the process that would write the rest in time is held.
      await installation.query('checkpoint')
      const [writer] = await installation.query<{ pid: number }>(
        `select pid from pg_stat_activity where backend_type = 'walwriter'`,
      )
      process.kill(writer!.pid, 'SIGSTOP')
      for (let n = 0; n < 5; n++) await stage.annSends()
      await installation.postgres!.kill()
      await installation.postgres!.start()
      await installation.backend.ready()
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}
