import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Fault, Field } from './fault.ts'

function postgresOf({ installation: { postgres } }: Field) {
  if (!postgres) throw new Error('the database is not ours to harm')
  return postgres
}

export const databaseFaults: readonly Fault[] = [
  {
    id: 'N6',
    title: 'PostgreSQL killed with all its processes, back at once and later',
    async inject(field) {
      const postgres = postgresOf(field)
      for (const downMs of field.seconds > 20 ? [0, 5_000, 30_000] : [0, 2_000]) {
        await postgres.kill()
        await sleep(downMs)
        await postgres.start()
        await field.installation.backend.ready()
        await sleep(1_500)
      }
    },
  },
  {
    id: 'N7',
    title: 'PostgreSQL stopped (SIGSTOP)',
    async inject(field) {
      const postgres = postgresOf(field)
      postgres.signal('SIGSTOP')
      await sleep(Math.min(20, Math.max(5, field.seconds / 2)) * 1_000)
      postgres.signal('SIGCONT')
      await field.installation.backend.ready()
    },
  },
  {
    id: 'N8',
    title: "the backend's connections terminated, and all others taken",
    async inject({ installation, seconds }) {
      const greedy = await takeConnections(installation.databaseUrl)
      const end = performance.now() + seconds * 1_000
      while (performance.now() < end) {
        await installation
          .query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'grandchat'`)
          .catch(() => [])
        await sleep(300)
      }
      for (const client of greedy) await client.end().catch(() => undefined)
      await installation.backend.ready()
    },
  },
  {
    id: 'N9',
    title: 'a lock held on a busy room',
    async inject({ installation, scene, seconds }) {
      const client = new pg.Client({ connectionString: installation.databaseUrl })
      client.on('error', () => undefined)
      await client.connect()
      await client.query('begin')
      await client.query('select 1 from rooms where id = $1 for no key update', [scene.rooms.at(-1)])
      await sleep(Math.min(15, seconds) * 1_000)
      await client.query('rollback')
      await client.end()
    },
  },
  {
    id: 'N6n',
    title: 'the connections between backend and PostgreSQL reset, then silent',
    async inject({ installation, seconds }) {
      const proxy = installation.databaseProxy
      if (!proxy) throw new Error('the database is not ours to harm')
      for (let n = 0; n < Math.max(2, seconds / 3); n++) {
        proxy.reset()
        await sleep(1_000)
      }
      proxy.set({ blackhole: 'down' })
      await sleep(3_000)
      proxy.reset()
      proxy.heal()
      await installation.backend.ready()
    },
  },
]

/** As many as PostgreSQL gives, but a few for ourselves. */
async function takeConnections(connectionString: string): Promise<pg.Client[]> {
  const taken: pg.Client[] = []
  for (let isFull = false; !isFull;) {
    const client = new pg.Client({ connectionString, application_name: 'greedy' })
    client.on('error', () => undefined)
    isFull = await client.connect().then(
      () => (taken.push(client), false),
      () => true,
    )
  }
  for (const client of taken.splice(-3)) await client.end()
  return taken
}
