import type { Place } from './place.ts'

/** From the next connection on this database's statements see a clock that can be set: `update chaos.clock set step = …`. */
export async function useOwnClock(query: Place['query']): Promise<void> {
  const [database] = await query<{ name: string }>('select quote_ident(current_database()) as name', [])
  await query(
    `create schema chaos;
    create table chaos.clock (step interval not null);
    insert into chaos.clock values ('0');
    create function chaos.clock_timestamp() returns timestamptz language sql volatile
      return pg_catalog.clock_timestamp() + (select step from chaos.clock);
    create function chaos.now() returns timestamptz language sql stable
      return pg_catalog.now() + (select step from chaos.clock);
    alter database ${database!.name} set search_path = public, chaos, pg_catalog`,
    [],
  )
}
