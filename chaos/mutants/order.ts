import type { Installation } from '../installation.ts'
import { replaceInFunction } from './keys.ts'
import type { Mutant } from './index.ts'
import { Stage } from './stage.ts'

/** The server's clock steps back between two messages. */
export const order: Mutant = {
  id: 'm6',
  title: 'lists stand by the time of sending, as the clock of the moment has it',
  expected: 'reordered',
  async run(hasBug) {
    const stage = await Stage.set({
      ...(hasBug && { clientBugs: ['sorted by time'] as const }),
      async prepare(query) {
        await useOwnClock(query)
        const careful = `greatest(clock_timestamp(), r.bumped_at + interval '1 microsecond')`
        if (hasBug) await replaceInFunction(query, careful, 'clock_timestamp()')
      },
    })
    try {
      const { installation } = stage
      await stage.annSends()
      await installation.query(`update chaos.clock set step = '-1 hour'`)
      await stage.annSends()
      return await stage.judge(hasBug)
    } finally {
      await stage.close()
    }
  },
}

/** From the next connection on this database's statements see a clock that can be set. */
export async function useOwnClock(query: Installation['query']): Promise<void> {
  const [database] = await query<{ name: string }>('select quote_ident(current_database()) as name')
  await query(`
    create schema chaos;
    create table chaos.clock (step interval not null);
    insert into chaos.clock values ('0');
    create function chaos.clock_timestamp() returns timestamptz language sql volatile
      return pg_catalog.clock_timestamp() + (select step from chaos.clock);
    alter database ${database!.name} set search_path = public, chaos, pg_catalog`)
}
